create table t (id integer primary key, v integer);
insert into t values
  (1, 'abc'),
  (2, ''),
  (3, 7),
  (4, 007);
