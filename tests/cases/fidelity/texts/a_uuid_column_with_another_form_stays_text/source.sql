create table t (id integer primary key, v guid char);
insert into t values
  (1, '550e8400-e29b-41d4-a716-446655440000'),
  (2, '550E8400-E29B-41D4-A716-446655440000');
