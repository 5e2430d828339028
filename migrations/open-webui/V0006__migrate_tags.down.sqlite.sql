-- The application's own way down does nothing at all. This one puts the tables back, and the tags that chats got since
-- into chatidtag. Tags keep their ids; what was in tag.data, and whatever else was in chat.meta, is not there any more.

insert into chatidtag (id, tag_name, chat_id, user_id, "timestamp")
select
  lower(hex(randomblob(16))),
  coalesce(
    (select name from tag where tag.id in (kept.tag, kept.tag || ':' || kept.user_id) and tag.user_id = kept.user_id),
    kept.tag
  ),
  kept.chat_id, kept.user_id, cast(kept.updated_at as integer)
from (
  select chat.id as chat_id, chat.user_id, chat.updated_at, 'pinned' as tag from chat where pinned
  union
  select chat.id, chat.user_id, chat.updated_at, each.value
  from chat, json_each(iif(json_type(chat.meta, '$.tags') = 'array', chat.meta, '{"tags": []}'), '$.tags') as each
  where each.type = 'text'
) as kept
where not exists (
  select 1 from chatidtag as known
  where known.chat_id = kept.chat_id and lower(replace(known.tag_name, ' ', '_')) = kept.tag
);
ALTER TABLE chat DROP COLUMN meta;
ALTER TABLE chat DROP COLUMN pinned;

ALTER TABLE tag DROP COLUMN meta;
CREATE TABLE tag_anew (
  "id" VARCHAR(255) NOT NULL,
  "name" VARCHAR(255) NOT NULL,
  "user_id" VARCHAR(255) NOT NULL,
  "data" TEXT
);
insert into tag_anew (rowid, id, name, user_id) select rowid, id, name, user_id from tag;
-- The rows have moved: what is dropped is empty.
delete from tag where rowid in (select rowid from tag_anew);
drop table tag;
ALTER TABLE tag_anew RENAME TO "tag";
CREATE UNIQUE INDEX "tag_id" ON "tag" ("id");
