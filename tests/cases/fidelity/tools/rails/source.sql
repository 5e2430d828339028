create table schema_migrations (version varchar not null primary key);
insert into schema_migrations values ('20240229123015'), ('20240301000000');
create table ar_internal_metadata (key varchar not null primary key, value varchar, created_at datetime(6) not null, updated_at datetime(6) not null);
insert into ar_internal_metadata values ('environment', 'production', '2024-02-29 12:30:15.123456', '2024-02-29 12:30:15.123456');
create table t (id integer primary key);
insert into t values (1);
