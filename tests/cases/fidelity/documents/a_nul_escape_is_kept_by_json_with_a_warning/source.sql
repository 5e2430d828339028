create table t (id integer primary key, v json);
insert into t values
  (1, '{"a": "\u0000"}'),
  (2, '"\\u0000"'),
  (3, '"x"');
