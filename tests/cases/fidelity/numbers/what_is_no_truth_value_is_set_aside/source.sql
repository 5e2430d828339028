create table t (id integer primary key, v);
insert into t values
  (1, 2),
  (2, -1),
  (3, '2'),
  (4, ''),
  (5, 'maybe'),
  (6, 0.5),
  (7, x'01'),
  (8, ' t'),
  (9, 'T '),
  (10, 1);
