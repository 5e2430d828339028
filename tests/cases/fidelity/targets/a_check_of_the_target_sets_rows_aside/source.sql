create table t (id integer primary key, n integer);
insert into t values (1, 5), (2, -5), (3, null);
