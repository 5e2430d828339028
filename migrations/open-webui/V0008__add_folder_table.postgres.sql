-- revision: c69f45358db4
-- down_revision: 3ab32c4b8f59

create table folder (
  id text not null,
  parent_id text,
  user_id text not null,
  name text not null,
  items json,
  meta json,
  is_expanded boolean not null,
  created_at timestamp not null default now(),
  updated_at timestamp not null default now(),
  primary key (id, user_id)
);
alter table chat add column folder_id text;
