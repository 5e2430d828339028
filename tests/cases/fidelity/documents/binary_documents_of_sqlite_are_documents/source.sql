create table t (id integer primary key, doc json, raw blob);
insert into t values
  (1, '{"a": 1}', jsonb('{"a": 1}')),
  (2, jsonb('{"a":[1,2.50,"é",null]}'), null),
  (3, jsonb('null'), null),
  (4, null, null);
