-- revision: 1af9b942657b
-- down_revision: 242a2047eae0
-- A tag's id becomes its name in small letters, and a chat keeps its tags in meta; the tag `pinned` becomes a column.
-- Fact: tag.data is dropped with its values (where there are any, --allow-destructive must allow it).
-- Choices: where two users have the same tag, the application's own migration keeps one of the two rows. Here the second
-- stays, its user's id behind the tag's, until the next revision makes both a key. Of one user's tags that become the
-- same, the first stays. Only an id of the older form, a UUID, is made anew: one that came down from a later revision is
-- right already.

-- In a database of the locale C, lower() knows ASCII alone: the other letters of European alphabets are told to it.
create function pg_temp.small(name text) returns text language sql immutable as $$
  select translate(
    lower(replace(name, ' ', '_')),
    'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞŸĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮĲĴĶŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶĹĻ'
    'ĽĿŁŃŅŇŹŻŽΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΪΫЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ',
    'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįĳĵķŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷĺļ'
    'ľŀłńņňźżžαβγδεζηθικλμνξοπρστυφχψωϊϋѐёђѓєѕіїјљњћќѝўџабвгдежзийклмнопрстуфхцчшщъыьэюя'
  )
$$;

create temp table new_ids on commit drop as
select
  id as old_id, user_id,
  case
    when id like '________-____-____-____-____________' then pg_temp.small(name)
    when right(id, length(user_id) + 1) = ':' || user_id then left(id, -length(user_id) - 1)
    else id
  end as id
from tag;
delete from new_ids where id = 'pinned' or exists (
  select 1 from new_ids as first
  where first.id = new_ids.id and first.user_id = new_ids.user_id and first.old_id < new_ids.old_id
);

drop index tag_id;
alter table tag drop column data;
alter table tag add column meta json;
delete from tag where id not in (select old_id from new_ids);
update tag set id = numbered.id
from (
  select
    old_id,
    id || case when row_number() over (partition by id order by old_id) = 1 then '' else ':' || user_id end as id
  from new_ids
) as numbered
where tag.id = numbered.old_id and tag.id <> numbered.id;
create unique index tag_id on tag (id);
alter table tag add constraint uq_id_user_id unique (id, user_id);
drop table new_ids;

alter table chat add column pinned boolean;
alter table chat add column meta json not null default '{}';
update chat set
  pinned = exists (
    select 1 from chatidtag where chat_id = chat.id and pg_temp.small(tag_name) = 'pinned'
  ),
  meta = coalesce((
    select json_build_object('tags', json_agg(distinct pg_temp.small(tag_name)))
    from chatidtag
    where chat_id = chat.id and pg_temp.small(tag_name) <> 'pinned'
    having count(*) > 0
  ), '{}'::json)
where id in (select chat_id from chatidtag);
drop function pg_temp.small(text);
