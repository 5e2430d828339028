create table t (id integer primary key, v);
insert into t values
  (1, '{"a": "\u0000"}'),
  (2, '{"\u0000": 1}'),
  (3, '"\\u0000"'),
  (4, '"x"');
