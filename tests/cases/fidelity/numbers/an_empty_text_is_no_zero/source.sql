create table t (id integer primary key, v integer);
insert into t values
  (1, ''),
  (2, 0),
  (3, ' '),
  (4, null);
