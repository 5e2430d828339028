create table schema_migrations (version varchar(128) primary key);
insert into schema_migrations values ('20240229123015');
create table t (id integer primary key);
insert into t values (1);
