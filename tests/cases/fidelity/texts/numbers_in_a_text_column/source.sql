create table t (id integer primary key, v);
insert into t values
  (1, 1),
  (2, -9223372036854775808),
  (3, 1.5),
  (4, 1e100),
  (5, 1e999),
  (6, 0.1),
  (7, -0.0),
  (8, 1e-7),
  (9, 100000000000000000000.0);
