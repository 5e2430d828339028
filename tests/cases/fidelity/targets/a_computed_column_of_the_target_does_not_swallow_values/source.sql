create table t (id integer primary key, a integer, b integer);
insert into t values (1, 2, 5);
