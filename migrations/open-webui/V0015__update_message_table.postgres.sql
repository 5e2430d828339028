-- revision: 3781e22d8b01
-- down_revision: 7826ab40b532
-- The last revision of Open WebUI 0.5.11.

alter table channel add column type text;
alter table message add column parent_id text;

create table message_reaction (
  id text not null primary key,
  user_id text not null,
  message_id text not null,
  name text not null,
  created_at bigint
);

create table channel_member (
  id text not null primary key,
  channel_id text not null,
  user_id text not null,
  created_at bigint
);
