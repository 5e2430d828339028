create table schema_migrations (version uint64, dirty bool);
create unique index version_unique on schema_migrations (version);
insert into schema_migrations values (3, 0);
create table t (id integer primary key);
insert into t values (1);
