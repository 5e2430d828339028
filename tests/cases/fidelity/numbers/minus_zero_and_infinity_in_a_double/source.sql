create table t (id integer primary key, v);
insert into t values
  (1, -0.0),
  (2, 0.0),
  (3, 1e999),
  (4, -1e999),
  (5, 5e-324),
  (6, 1e308);
