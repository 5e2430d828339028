create table t (id integer primary key, v json);
insert into t values
  (1, '5'),
  (2, '0.5'),
  (3, 12345678901234567),
  (4, 1.0),
  (5, 'true'),
  (6, '-0'),
  (7, '1e3');
