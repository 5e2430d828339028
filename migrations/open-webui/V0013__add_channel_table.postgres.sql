-- revision: 57c599a3cb57
-- down_revision: 922e7a387820
-- Fact: moments of channels and of what is in them count nanoseconds; all others of the application count seconds.

create table channel (
  id text not null primary key,
  user_id text,
  name text,
  description text,
  data json,
  meta json,
  access_control json,
  created_at bigint,
  updated_at bigint
);

create table message (
  id text not null primary key,
  user_id text,
  channel_id text,
  content text,
  data json,
  meta json,
  created_at bigint,
  updated_at bigint
);
