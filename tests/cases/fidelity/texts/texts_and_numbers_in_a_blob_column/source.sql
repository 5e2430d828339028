create table t (id integer primary key, v);
insert into t values
  (1, 'aGVsbG8='),
  (2, 'é'),
  (3, 12),
  (4, 1.5),
  (5, x'0c'),
  (6, '');
