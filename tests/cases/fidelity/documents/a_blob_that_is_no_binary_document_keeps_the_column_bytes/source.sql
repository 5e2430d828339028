create table t (id integer primary key, doc json);
insert into t values
  (1, jsonb('{"a": 1}')),
  (2, x'5b5d'),
  (3, '[]');
