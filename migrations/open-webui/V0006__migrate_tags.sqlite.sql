-- revision: 1af9b942657b
-- down_revision: 242a2047eae0
-- A tag's id becomes its name in small letters, and a chat keeps its tags in meta; the tag `pinned` becomes a column.
-- Fact: tag.data is dropped with its values (where there are any, --allow-destructive must allow it).
-- Choice: where two users have the same tag, the application's own migration keeps one of the two rows. Here the second
-- stays, its user's id behind the tag's, until the next revision makes both a key. Of one user's tags that become the
-- same, the first stays.
-- SQLite's lower() knows ASCII alone: other capitals stay in the ids.

ALTER TABLE tag DROP COLUMN data;
CREATE TABLE tag_anew (
  id VARCHAR(255) NOT NULL,
  name VARCHAR(255) NOT NULL,
  user_id VARCHAR(255) NOT NULL,
  meta JSON,
  CONSTRAINT uq_id_user_id UNIQUE (id, user_id)
);
insert into tag_anew (id, name, user_id)
select
  case when row_number() over (partition by new_id order by place) = 1 then new_id else new_id || ':' || user_id end,
  name, user_id
from (
  select
    lower(replace(name, ' ', '_')) as new_id, name, user_id, rowid as place,
    row_number() over (partition by lower(replace(name, ' ', '_')), user_id order by rowid) as turn
  from tag
)
where new_id <> 'pinned' and turn = 1
order by place;
-- The rows have moved: what is dropped is empty.
delete from tag where true;
drop table tag;
ALTER TABLE tag_anew RENAME TO "tag";
CREATE UNIQUE INDEX tag_id ON tag (id);

ALTER TABLE chat ADD COLUMN pinned BOOLEAN;
ALTER TABLE chat ADD COLUMN meta JSON DEFAULT '{}' NOT NULL;
update chat set
  pinned = exists (
    select 1 from chatidtag where chat_id = chat.id and lower(replace(tag_name, ' ', '_')) = 'pinned'
  ),
  meta = (
    select iif(count(*) = 0, '{}', json_object('tags', json_group_array(distinct lower(replace(tag_name, ' ', '_')))))
    from chatidtag
    where chat_id = chat.id and lower(replace(tag_name, ' ', '_')) <> 'pinned'
  )
where id in (select chat_id from chatidtag);
