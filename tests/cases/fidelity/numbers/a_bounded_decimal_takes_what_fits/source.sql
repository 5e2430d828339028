create table t (id integer primary key, v);
insert into t values
  (1, '12345678.90'),
  (2, '1.005'),
  (3, '123456789.00'),
  (4, 1.25),
  (5, 7),
  (6, '1.500'),
  (7, 1e999),
  (8, 'abc'),
  (9, x'01');
