-- Nothing of the application is left.

drop table alembic_version;
drop table function;
drop table file;
drop table tool;
drop table model;
drop table memory;
drop table "user";
drop table tag;
drop table prompt;
drop table document;
drop table chat;
drop table auth;
drop table chatidtag;
drop table migratehistory;
