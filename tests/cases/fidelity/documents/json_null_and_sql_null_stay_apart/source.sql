create table t (id integer primary key, v json);
insert into t values
  (1, 'null'),
  (2, null),
  (3, '"null"'),
  (4, '{"a":null}');
