create table t (id integer primary key, v);
insert into t values
  (1, 2.0),
  (2, -3.0),
  (3, 2.5),
  (4, 9.3e18),
  (5, 9.2e18),
  (6, -9223372036854775808.0),
  (7, 1e999),
  (8, -0.0);
