create table t (id integer primary key, v json);
insert into t values
  (1, '{"b": 1,  "a":2}'),
  (2, '{"a":1,"a":2}'),
  (3, ' [1, 2.0] '),
  (4, '1.0'),
  (5, '"x"'),
  (6, '{"é":"\u00e9"}'),
  (7, '1E400');
