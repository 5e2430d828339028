create table t (id integer primary key, v);
insert into t values
  (1, 1),
  (2, 100000),
  (3, 631151999),
  (4, -5);
