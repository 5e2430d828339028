-- revision: 242a2047eae0
-- down_revision: 6a39f3d8e55c
-- chat.chat becomes JSON, and moves to the end of the table.
-- Fact: a text that is no JSON becomes the JSON null, as the application's own migration has it.

alter table chat rename column chat to old_chat;
alter table chat alter column old_chat drop not null;
alter table chat add column chat json;

-- Whether a text is JSON, only a failed cast tells before PostgreSQL 16.
create function pg_temp.json_or_null(document text) returns json language plpgsql immutable as $$
begin
  return document::json;
exception when others then
  return 'null'::json;
end
$$;
-- The values have moved: the column that is dropped is empty.
update chat set chat = pg_temp.json_or_null(old_chat), old_chat = null;
drop function pg_temp.json_or_null(text);
alter table chat drop column old_chat;
