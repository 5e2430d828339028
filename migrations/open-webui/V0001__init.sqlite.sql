-- revision: 7e5b5dc7342b
-- down_revision: none
-- bookkeeping: alembic
-- What Open WebUI has after its 18 peewee migrations, where its Alembic revisions begin.
-- Fact: the tables stand as the application leaves them: no foreign key, and no primary key where peewee made a
-- unique index on id instead. `alembic_version` is here too, as the system has it; its rows are the bookkeeping's.
-- The stored text is the application's, word for word: types (booleans and epochs as INTEGER, chat.created_at as
-- DATETIME), quotes, and the doubled NOT NULL of columns that peewee changed.

CREATE TABLE "migratehistory" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "name" VARCHAR(255) NOT NULL,
  "migrated_at" DATETIME NOT NULL
);

CREATE TABLE "chatidtag" (
  "id" VARCHAR(255) NOT NULL,
  "tag_name" VARCHAR(255) NOT NULL,
  "chat_id" VARCHAR(255) NOT NULL,
  "user_id" VARCHAR(255) NOT NULL,
  "timestamp" INTEGER NOT NULL NOT NULL
);
CREATE UNIQUE INDEX "chatidtag_id" ON "chatidtag" ("id");

CREATE TABLE "auth" (
  "id" VARCHAR(255) NOT NULL,
  "email" VARCHAR(255) NOT NULL,
  "password" TEXT NOT NULL NOT NULL,
  "active" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "auth_id" ON "auth" ("id");

CREATE TABLE "chat" (
  "id" VARCHAR(255) NOT NULL,
  "user_id" VARCHAR(255) NOT NULL,
  "title" TEXT NOT NULL NOT NULL,
  "chat" TEXT NOT NULL,
  "share_id" VARCHAR(255),
  "archived" INTEGER NOT NULL,
  "created_at" DATETIME NOT NULL NOT NULL,
  "updated_at" DATETIME NOT NULL NOT NULL
);
CREATE UNIQUE INDEX "chat_id" ON "chat" ("id");
CREATE UNIQUE INDEX "chat_share_id" ON "chat" ("share_id");

CREATE TABLE "document" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "collection_name" VARCHAR(255) NOT NULL,
  "name" VARCHAR(255) NOT NULL,
  "title" TEXT NOT NULL NOT NULL,
  "filename" TEXT NOT NULL NOT NULL,
  "content" TEXT,
  "user_id" VARCHAR(255) NOT NULL,
  "timestamp" INTEGER NOT NULL NOT NULL
);
CREATE UNIQUE INDEX "document_collection_name" ON "document" ("collection_name");
CREATE UNIQUE INDEX "document_name" ON "document" ("name");

CREATE TABLE "prompt" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "command" VARCHAR(255) NOT NULL,
  "user_id" VARCHAR(255) NOT NULL,
  "title" TEXT NOT NULL NOT NULL,
  "content" TEXT NOT NULL,
  "timestamp" INTEGER NOT NULL NOT NULL
);
CREATE UNIQUE INDEX "prompt_command" ON "prompt" ("command");

CREATE TABLE "tag" (
  "id" VARCHAR(255) NOT NULL,
  "name" VARCHAR(255) NOT NULL,
  "user_id" VARCHAR(255) NOT NULL,
  "data" TEXT
);
CREATE UNIQUE INDEX "tag_id" ON "tag" ("id");

CREATE TABLE "user" (
  "id" VARCHAR(255) NOT NULL,
  "name" VARCHAR(255) NOT NULL,
  "email" VARCHAR(255) NOT NULL,
  "role" VARCHAR(255) NOT NULL,
  "profile_image_url" TEXT NOT NULL NOT NULL,
  "api_key" VARCHAR(255),
  "created_at" INTEGER NOT NULL NOT NULL,
  "updated_at" INTEGER NOT NULL NOT NULL,
  "last_active_at" INTEGER NOT NULL NOT NULL,
  "settings" TEXT,
  "info" TEXT,
  "oauth_sub" TEXT
);
CREATE UNIQUE INDEX "user_api_key" ON "user" ("api_key");
CREATE UNIQUE INDEX "user_id" ON "user" ("id");
CREATE UNIQUE INDEX "user_oauth_sub" ON "user" ("oauth_sub");

CREATE TABLE "memory" (
  "id" VARCHAR(255) NOT NULL,
  "user_id" VARCHAR(255) NOT NULL,
  "content" TEXT NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "created_at" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "memory_id" ON "memory" ("id");

CREATE TABLE "model" (
  "id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "base_model_id" TEXT,
  "name" TEXT NOT NULL,
  "meta" TEXT NOT NULL,
  "params" TEXT NOT NULL,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "model_id" ON "model" ("id");

CREATE TABLE "tool" (
  "id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "content" TEXT NOT NULL,
  "specs" TEXT NOT NULL,
  "meta" TEXT NOT NULL,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "valves" TEXT
);
CREATE UNIQUE INDEX "tool_id" ON "tool" ("id");

CREATE TABLE "file" (
  "id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "filename" TEXT NOT NULL,
  "meta" TEXT NOT NULL,
  "created_at" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "file_id" ON "file" ("id");

CREATE TABLE "function" (
  "id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "type" TEXT NOT NULL,
  "content" TEXT NOT NULL,
  "meta" TEXT NOT NULL,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "valves" TEXT,
  "is_active" INTEGER NOT NULL,
  "is_global" INTEGER NOT NULL
);
CREATE UNIQUE INDEX "function_id" ON "function" ("id");

CREATE TABLE alembic_version (
  version_num VARCHAR(32) NOT NULL,
  CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- The names by which the application knows that its peewee migrations have run.
insert into migratehistory (name, migrated_at)
select column1, strftime('%Y-%m-%d %H:%M:%f', 'now') || '000' from (values
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
);
