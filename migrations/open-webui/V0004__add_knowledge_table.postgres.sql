-- revision: 6a39f3d8e55c
-- down_revision: c0fbf31ca0db
-- Each document of old becomes knowledge of one collection; the documents stay.
-- Choice: a content that is no JSON gives no tags. The application's own migration fails there.

create table knowledge (
  id text not null primary key,
  user_id text not null,
  name text not null,
  description text,
  data json,
  meta json,
  created_at bigint not null,
  updated_at bigint
);

-- Whether a text is JSON, only a failed cast tells before PostgreSQL 16.
do $$
declare
  one record;
  tags json;
begin
  for one in select * from document order by id loop
    begin
      tags := one.content::json -> 'tags';
    exception when others then
      tags := null;
    end;
    insert into knowledge (id, user_id, name, description, meta, created_at, updated_at)
    values (
      one.collection_name, one.user_id, one.title, one.name,
      json_build_object('legacy', true, 'document', true, 'tags', coalesce(tags, '[]'::json)),
      one."timestamp", one."timestamp"
    );
  end loop;
end
$$;
