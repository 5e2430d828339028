create table t (id integer primary key, v);
insert into t values
  (1, 'f'),
  (2, 'F'),
  (3, 'false'),
  (4, 'no'),
  (5, 'off'),
  (6, 't'),
  (7, 'TRUE'),
  (8, 'yes'),
  (9, 'On'),
  (10, 0),
  (11, 1),
  (12, 0.0),
  (13, 1.0),
  (14, null),
  (15, '0'),
  (16, '1');
