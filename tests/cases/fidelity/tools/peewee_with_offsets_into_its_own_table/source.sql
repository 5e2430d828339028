create table migratehistory (id integer not null primary key, name varchar(255) not null, migrated_at datetime not null);
insert into migratehistory values (1, '001_initial', '2024-06-01 10:20:30.000001+00:00');
create table t (id integer primary key);
insert into t values (1);
