create table t (id integer primary key, v integer);
insert into t values
  (1, 0),
  (2, 1),
  (3, 1);
