-- revision: ca81bd47c050
-- down_revision: 7e5b5dc7342b
-- Fact: the application's clock here is now() in the session's time zone, and the column keeps no zone.

create table config (
  id serial primary key,
  data json not null,
  version integer not null,
  created_at timestamp not null default now(),
  updated_at timestamp default now()
);
