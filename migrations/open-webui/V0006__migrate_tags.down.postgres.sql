-- The application's own way down does nothing at all. This one puts the tables back, and the tags that chats got since
-- into chatidtag. Tags keep their ids; what was in tag.data, and whatever else was in chat.meta, is not there any more.

insert into chatidtag (id, tag_name, chat_id, user_id, "timestamp")
select
  gen_random_uuid()::text,
  coalesce(
    (
      select name from tag
      where tag.id in (kept.tag, kept.tag || ':' || kept.user_id) and tag.user_id = kept.user_id
      order by tag.id limit 1
    ),
    kept.tag
  ),
  kept.chat_id, kept.user_id, kept.updated_at
from (
  select chat.id as chat_id, chat.user_id, chat.updated_at, 'pinned' as tag from chat where pinned
  union
  select chat.id, chat.user_id, chat.updated_at, each.value #>> '{}'
  from chat, json_array_elements(
    case when json_typeof(chat.meta -> 'tags') = 'array' then chat.meta -> 'tags' else '[]'::json end
  ) as each (value)
  where json_typeof(each.value) = 'string'
) as kept
where not exists (
  select 1 from chatidtag as known
  where known.chat_id = kept.chat_id and lower(replace(known.tag_name, ' ', '_')) = kept.tag
);
alter table chat drop column meta;
alter table chat drop column pinned;

alter table tag drop constraint uq_id_user_id;
alter table tag drop column meta;
alter table tag add column data text;
