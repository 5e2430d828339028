-- revision: 242a2047eae0
-- down_revision: 6a39f3d8e55c
-- chat.chat becomes JSON, and moves to the end of the table.
-- Fact: a text that is no JSON becomes the JSON null, as the application's own migration has it. Choice: where there is
-- such a text, --allow-destructive must allow it.

alter table chat rename column chat to old_chat;
alter table chat alter column old_chat drop not null;
alter table chat add column chat json;

-- Whether a text is JSON, only a failed cast tells before PostgreSQL 16.
create function pg_temp.json_of(document text) returns json language plpgsql immutable as $$
begin
  return document::json;
exception when others then
  return null;
end
$$;
update chat set chat = pg_temp.json_of(old_chat);
-- The values have moved: the column that is dropped is empty, but for those that are lost.
update chat set old_chat = null where chat is not null;
update chat set chat = 'null' where chat is null;
drop function pg_temp.json_of(text);
alter table chat drop column old_chat;
