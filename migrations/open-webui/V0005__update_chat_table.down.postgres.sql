-- JSON is text again; a chat without any (SQL NULL) becomes the JSON null, since the text may not be NULL.
-- The column stays at the end of the table: PostgreSQL cannot put it back where it was.

alter table chat rename column chat to new_chat;
alter table chat add column chat text;
-- The values have moved: the column that is dropped is empty.
update chat set chat = coalesce(new_chat::text, 'null'), new_chat = null;
alter table chat alter column chat set not null;
alter table chat drop column new_chat;
