-- JSON is text again, where it stood; a chat without any (SQL NULL) becomes the JSON null, since the text may not be NULL.

CREATE TABLE chat_anew (
  "id" VARCHAR(255) NOT NULL,
  "user_id" VARCHAR(255) NOT NULL,
  "title" TEXT NOT NULL NOT NULL,
  "chat" TEXT NOT NULL,
  "share_id" VARCHAR(255),
  "archived" INTEGER NOT NULL,
  "created_at" DATETIME NOT NULL NOT NULL,
  "updated_at" DATETIME NOT NULL NOT NULL
);
insert into chat_anew (rowid, id, user_id, title, chat, share_id, archived, created_at, updated_at)
select rowid, id, user_id, title, coalesce(chat, 'null'), share_id, archived, created_at, updated_at from chat;
-- The rows have moved: what is dropped is empty.
delete from chat where rowid in (select rowid from chat_anew);
drop table chat;
ALTER TABLE chat_anew RENAME TO "chat";
CREATE UNIQUE INDEX "chat_id" ON "chat" ("id");
CREATE UNIQUE INDEX "chat_share_id" ON "chat" ("share_id");
