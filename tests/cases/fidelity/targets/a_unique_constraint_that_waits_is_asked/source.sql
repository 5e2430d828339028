create table t (id integer primary key, n integer);
insert into t values (1, 10), (2, 20), (3, 10);
