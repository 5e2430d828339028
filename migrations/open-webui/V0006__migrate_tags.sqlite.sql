-- revision: 1af9b942657b
-- down_revision: 242a2047eae0
-- A tag's id becomes its name in small letters, and a chat keeps its tags in meta; the tag `pinned` becomes a column.
-- Fact: tag.data is dropped with its values (where there are any, --allow-destructive must allow it).
-- Choices: where two users have the same tag, the application's own migration keeps one of the two rows. Here the second
-- stays, its user's id behind the tag's, until the next revision makes both a key. Of one user's tags that become the
-- same, the first stays. Only an id of the older form, a UUID, is made anew: one that came down from a later revision is
-- right already.

-- SQLite's lower() knows ASCII alone: the other letters of European alphabets are told to it.
create temp table small_names as
with recursive
  names (name) as (select name from tag union select tag_name from chatidtag),
  letters (name, rest, done) as (
    select name, lower(replace(name, ' ', '_')), '' from names
    union all
    select name, substr(rest, 2), done || case
      when unicode(rest) between 192 and 222 and unicode(rest) <> 215 then char(unicode(rest) + 32)
      when unicode(rest) = 376 then char(255)
      when (unicode(rest) between 256 and 311 or unicode(rest) between 330 and 375)
        and unicode(rest) % 2 = 0 and unicode(rest) <> 304 then char(unicode(rest) + 1)
      when (unicode(rest) between 313 and 328 or unicode(rest) between 377 and 382)
        and unicode(rest) % 2 = 1 then char(unicode(rest) + 1)
      when unicode(rest) between 913 and 939 or unicode(rest) between 1040 and 1071 then char(unicode(rest) + 32)
      when unicode(rest) between 1024 and 1039 then char(unicode(rest) + 80)
      else substr(rest, 1, 1)
    end
    from letters where rest <> ''
  )
select name, done as small from letters where rest = '';

create temp table new_ids as
select
  rowid as place, user_id,
  case
    when id like '________-____-____-____-____________'
      then (select small from temp.small_names where small_names.name = tag.name)
    when id like '%:' || user_id then substr(id, 1, length(id) - length(user_id) - 1)
    else id
  end as id
from tag;
delete from temp.new_ids where id = 'pinned' or exists (
  select 1 from temp.new_ids as first
  where first.id = new_ids.id and first.user_id = new_ids.user_id and first.place < new_ids.place
);

ALTER TABLE tag DROP COLUMN data;
CREATE TABLE tag_anew (
  id VARCHAR(255) NOT NULL,
  name VARCHAR(255) NOT NULL,
  user_id VARCHAR(255) NOT NULL,
  meta JSON,
  CONSTRAINT uq_id_user_id UNIQUE (id, user_id)
);
insert into tag_anew (rowid, id, name, user_id)
select
  tag.rowid,
  new_ids.id || iif(row_number() over (partition by new_ids.id order by tag.rowid) = 1, '', ':' || tag.user_id),
  tag.name, tag.user_id
from tag join temp.new_ids on new_ids.place = tag.rowid;
delete from tag where rowid not in (select place from temp.new_ids);
-- The rows have moved: what is dropped is empty.
delete from tag where rowid in (select rowid from tag_anew);
drop table tag;
ALTER TABLE tag_anew RENAME TO "tag";
CREATE UNIQUE INDEX tag_id ON tag (id);

ALTER TABLE chat ADD COLUMN pinned BOOLEAN;
ALTER TABLE chat ADD COLUMN meta JSON DEFAULT '{}' NOT NULL;
update chat set
  pinned = exists (
    select 1 from chatidtag join temp.small_names on name = tag_name where chat_id = chat.id and small = 'pinned'
  ),
  meta = (
    select iif(count(*) = 0, '{}', json_object('tags', json_group_array(distinct small)))
    from chatidtag join temp.small_names on name = tag_name
    where chat_id = chat.id and small <> 'pinned'
  )
where id in (select chat_id from chatidtag);
drop table temp.new_ids;
drop table temp.small_names;
