create table migrations (id integer primary key autoincrement not null, migration varchar not null, batch integer not null);
insert into migrations values (1, '2014_10_12_000000_create_users_table', 1), (2, '2019_08_19_000000_create_failed_jobs_table', 1);
create table t (id integer primary key);
insert into t values (1);
