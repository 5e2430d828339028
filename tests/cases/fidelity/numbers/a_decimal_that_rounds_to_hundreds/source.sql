create table t (id integer primary key, v);
insert into t values
  (1, 12300),
  (2, 12345),
  (3, '12300.0'),
  (4, 100),
  (5, 99999),
  (6, 100000);
