create table t (id integer primary key, v int);
insert into t values
  (1, 3000000000),
  (2, -2147483648),
  (3, 2147483647),
  (4, 2147483648),
  (5, -2147483649);
