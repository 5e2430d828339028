-- revision: 242a2047eae0
-- down_revision: 6a39f3d8e55c
-- chat.chat becomes JSON, and moves to the end of the table. SQLite gives a column no other type: the table is made anew.
-- Fact: a text that is no JSON becomes the JSON null, as the application's own migration has it. Choice: where there is
-- such a text, --allow-destructive must allow it. NaN and Infinity, which Python writes and reads, are let through.

CREATE TABLE chat_anew (
  "id" VARCHAR(255) NOT NULL,
  "user_id" VARCHAR(255) NOT NULL,
  "title" TEXT NOT NULL NOT NULL,
  "share_id" VARCHAR(255),
  "archived" INTEGER NOT NULL,
  "created_at" DATETIME NOT NULL NOT NULL,
  "updated_at" DATETIME NOT NULL NOT NULL,
  chat JSON
);
insert into chat_anew (rowid, id, user_id, title, share_id, archived, created_at, updated_at, chat)
select
  rowid, id, user_id, title, share_id, archived, created_at, updated_at,
  case when json_valid(replace(replace(chat, 'NaN', 'null'), 'Infinity', '0')) then chat else 'null' end
from chat;
-- The rows have moved: what is dropped is empty, but for those whose text is lost.
delete from chat where json_valid(replace(replace(chat, 'NaN', 'null'), 'Infinity', '0'));
drop table chat;
ALTER TABLE chat_anew RENAME TO "chat";
CREATE UNIQUE INDEX "chat_id" ON "chat" ("id");
CREATE UNIQUE INDEX "chat_share_id" ON "chat" ("share_id");
