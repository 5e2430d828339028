create table t (id integer primary key, v);
insert into t values
  (1, '["a", null, ""]'),
  (2, '[]'),
  (3, '[1]'),
  (4, 'a,b'),
  (5, '{"a": 1}'),
  (6, '[["a"]]'),
  (7, null),
  (8, 'null');
