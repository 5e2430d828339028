create table t (id integer primary key, v);
insert into t values
  (1, '{"a":1,"a":2}'),
  (2, '{"a":{"b":1,"b":1}}'),
  (3, '{"a":1,"A":2}');
