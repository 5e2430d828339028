-- revision: 922e7a387820
-- down_revision: 4ace53fd72c8

create table "group" (
  id text not null primary key,
  user_id text,
  name text,
  description text,
  data json,
  meta json,
  permissions json,
  user_ids json,
  created_at bigint,
  updated_at bigint
);

alter table model add column access_control json;
alter table model add column is_active boolean not null default true;
alter table knowledge add column access_control json;
alter table prompt add column access_control json;
alter table tool add column access_control json;
