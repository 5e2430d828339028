create table __diesel_schema_migrations (version varchar(50) primary key not null, run_on timestamp not null default current_timestamp);
insert into __diesel_schema_migrations values ('20240229123015', '2024-02-29 12:30:15');
create table t (id integer primary key);
insert into t values (1);
