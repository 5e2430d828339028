create table t (id integer primary key, v json);
insert into t values
  (1, '"{\"a\": 1}"'),
  (2, '{"a": 1}');
