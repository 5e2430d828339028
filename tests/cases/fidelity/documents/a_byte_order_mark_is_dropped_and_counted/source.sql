create table t (id integer primary key, v);
insert into t values
  (1, char(0xfeff) || '{"a":1}'),
  (2, '{"a":1}');
