create table t (id integer primary key, v);
insert into t values
  (1, 0.5),
  (2, 0.1),
  (3, 16777217),
  (4, 16777216),
  (5, 1e39),
  (6, 1e-50),
  (7, 1e999);
