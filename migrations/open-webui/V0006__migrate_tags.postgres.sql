-- revision: 1af9b942657b
-- down_revision: 242a2047eae0
-- A tag's id becomes its name in small letters, and a chat keeps its tags in meta; the tag `pinned` becomes a column.
-- Fact: tag.data is dropped with its values (where there are any, --allow-destructive must allow it).
-- Choice: where two users have the same tag, the application's own migration keeps one of the two rows. Here the second
-- stays, its user's id behind the tag's, until the next revision makes both a key. Of one user's tags that become the
-- same, the first stays.

drop index tag_id;
alter table tag drop column data;
alter table tag add column meta json;
delete from tag where lower(replace(name, ' ', '_')) = 'pinned';
delete from tag where ctid in (
  select place from (
    select
      ctid as place,
      row_number() over (partition by lower(replace(name, ' ', '_')), user_id order by ctid) as turn
    from tag
  ) as numbered
  where turn > 1
);
update tag set id = numbered.id
from (
  select
    ctid as place,
    case
      when row_number() over (partition by lower(replace(name, ' ', '_')) order by ctid) = 1
        then lower(replace(name, ' ', '_'))
      else lower(replace(name, ' ', '_')) || ':' || user_id
    end as id
  from tag
) as numbered
where tag.ctid = numbered.place and tag.id <> numbered.id;
create unique index tag_id on tag (id);
alter table tag add constraint uq_id_user_id unique (id, user_id);

alter table chat add column pinned boolean;
alter table chat add column meta json not null default '{}';
update chat set
  pinned = exists (
    select 1 from chatidtag where chat_id = chat.id and lower(replace(tag_name, ' ', '_')) = 'pinned'
  ),
  meta = coalesce((
    select json_build_object('tags', json_agg(distinct lower(replace(tag_name, ' ', '_'))))
    from chatidtag
    where chat_id = chat.id and lower(replace(tag_name, ' ', '_')) <> 'pinned'
    having count(*) > 0
  ), '{}'::json)
where id in (select chat_id from chatidtag);
