create table migrations (id integer primary key autoincrement not null, timestamp bigint not null, name varchar not null);
insert into migrations values (1, 1709209815123, 'Init1709209815123');
create table t (id integer primary key);
insert into t values (1);
