create table t (id integer primary key, v);
insert into t values
  (1, '1.50'),
  (2, '1.5'),
  (3, '100.00'),
  (4, '0.10'),
  (5, '-7.000'),
  (6, '12345678901234567890.123456789');
