create table t (id integer primary key, v);
insert into t values
  (1, 0),
  (2, 1),
  (3, 100000),
  (4, 631151999),
  (5, 631152000),
  (6, 1700000000123),
  (7, -5);
