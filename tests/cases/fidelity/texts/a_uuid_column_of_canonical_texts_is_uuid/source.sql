create table t (id integer primary key, v uuid_text);
insert into t values
  (1, '550e8400-e29b-41d4-a716-446655440000'),
  (2, '00000000-0000-0000-0000-000000000000');
