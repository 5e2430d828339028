create table t (id integer primary key, v);
insert into t values
  (1, 'new'),
  (2, 'done'),
  (3, 'Done'),
  (4, ''),
  (5, 'done '),
  (6, 1),
  (7, x'6e6577'),
  (8, null);
