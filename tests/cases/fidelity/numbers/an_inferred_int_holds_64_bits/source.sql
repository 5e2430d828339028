create table t (id integer primary key, v int);
insert into t values
  (1, 3000000000),
  (2, 1);
