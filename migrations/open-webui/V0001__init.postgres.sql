-- revision: 7e5b5dc7342b
-- down_revision: none
-- bookkeeping: alembic
-- What Open WebUI has after its 18 peewee migrations, where its Alembic revisions begin.
-- Fact: the tables stand as the application leaves them: no foreign key, and no primary key where peewee made a
-- unique index on id instead. `alembic_version` is here too, as the system has it; its rows are the bookkeeping's.
-- Numbered keys are `serial`, as peewee makes them here.

create table migratehistory (
  id serial primary key,
  name varchar(255) not null,
  migrated_at timestamp not null
);

create table chatidtag (
  id varchar(255) not null,
  tag_name varchar(255) not null,
  chat_id varchar(255) not null,
  user_id varchar(255) not null,
  "timestamp" bigint not null
);
create unique index chatidtag_id on chatidtag (id);

create table auth (
  id varchar(255) not null,
  email varchar(255) not null,
  password text not null,
  active boolean not null
);
create unique index auth_id on auth (id);

create table chat (
  id varchar(255) not null,
  user_id varchar(255) not null,
  title text not null,
  chat text not null,
  share_id varchar(255),
  archived boolean not null,
  created_at bigint not null,
  updated_at bigint not null
);
create unique index chat_id on chat (id);
create unique index chat_share_id on chat (share_id);

create table document (
  id serial primary key,
  collection_name varchar(255) not null,
  name varchar(255) not null,
  title text not null,
  filename text not null,
  content text,
  user_id varchar(255) not null,
  "timestamp" bigint not null
);
create unique index document_collection_name on document (collection_name);
create unique index document_name on document (name);

create table prompt (
  id serial primary key,
  command varchar(255) not null,
  user_id varchar(255) not null,
  title text not null,
  content text not null,
  "timestamp" bigint not null
);
create unique index prompt_command on prompt (command);

create table tag (
  id varchar(255) not null,
  name varchar(255) not null,
  user_id varchar(255) not null,
  data text
);
create unique index tag_id on tag (id);

create table "user" (
  id varchar(255) not null,
  name varchar(255) not null,
  email varchar(255) not null,
  role varchar(255) not null,
  profile_image_url text not null,
  api_key varchar(255),
  created_at bigint not null,
  updated_at bigint not null,
  last_active_at bigint not null,
  settings text,
  info text,
  oauth_sub text
);
create unique index user_api_key on "user" (api_key);
create unique index user_id on "user" (id);
create unique index user_oauth_sub on "user" (oauth_sub);

create table memory (
  id varchar(255) not null,
  user_id varchar(255) not null,
  content text not null,
  updated_at bigint not null,
  created_at bigint not null
);
create unique index memory_id on memory (id);

create table model (
  id text not null,
  user_id text not null,
  base_model_id text,
  name text not null,
  meta text not null,
  params text not null,
  created_at bigint not null,
  updated_at bigint not null
);
create unique index model_id on model (id);

create table tool (
  id text not null,
  user_id text not null,
  name text not null,
  content text not null,
  specs text not null,
  meta text not null,
  created_at bigint not null,
  updated_at bigint not null,
  valves text
);
create unique index tool_id on tool (id);

create table file (
  id text not null,
  user_id text not null,
  filename text not null,
  meta text not null,
  created_at bigint not null
);
create unique index file_id on file (id);

create table function (
  id text not null,
  user_id text not null,
  name text not null,
  type text not null,
  content text not null,
  meta text not null,
  created_at bigint not null,
  updated_at bigint not null,
  valves text,
  is_active boolean not null,
  is_global boolean not null
);
create unique index function_id on function (id);

create table alembic_version (
  version_num varchar(32) not null,
  constraint alembic_version_pkc primary key (version_num)
);

-- The names by which the application knows that its peewee migrations have run.
insert into migratehistory (name, migrated_at)
select name, now() at time zone 'utc' from (values
  ('001_initial_schema'),
  ('002_add_local_sharing'),
  ('003_add_auth_api_key'),
  ('004_add_archived'),
  ('005_add_updated_at'),
  ('006_migrate_timestamps_and_charfields'),
  ('007_add_user_last_active_at'),
  ('008_add_memory'),
  ('009_add_models'),
  ('010_migrate_modelfiles_to_models'),
  ('011_add_user_settings'),
  ('012_add_tools'),
  ('013_add_user_info'),
  ('014_add_files'),
  ('015_add_functions'),
  ('016_add_valves_and_is_active'),
  ('017_add_user_oauth_sub'),
  ('018_add_function_is_global')
) as migrations (name);
