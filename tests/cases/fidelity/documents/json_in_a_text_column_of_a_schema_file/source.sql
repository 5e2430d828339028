create table t (id integer primary key, v);
insert into t values
  (1, '{"a": 1,  "a":2}'),
  (2, 'not json'),
  (3, '[NaN]'),
  (4, 5),
  (5, '');
