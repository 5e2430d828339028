create table t (id integer primary key, v);
insert into t values
  (1, '1.5'),
  (2, '1e3'),
  (3, '-0.1e-5'),
  (4, '0x10'),
  (5, 'inf'),
  (6, 'NaN'),
  (7, '1,5'),
  (8, ''),
  (9, '1e400'),
  (10, ' 1'),
  (11, '1e-400');
