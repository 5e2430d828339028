create table t (id integer primary key, v);
insert into t values
  (1, 'NaN'),
  (2, 'Infinity'),
  (3, '1e5'),
  (4, ' 1'),
  (5, '+1'),
  (6, '1_000'),
  (7, '0x1'),
  (8, ''),
  (9, '1.'),
  (10, '.5'),
  (11, '-0'),
  (12, '-0.00'),
  (13, '1,5');
