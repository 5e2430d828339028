create table t (id integer primary key, v);
insert into t values
  (1, 1.0),
  (2, '2'),
  (3, 40000.0),
  (4, '40000'),
  (5, 1.5);
