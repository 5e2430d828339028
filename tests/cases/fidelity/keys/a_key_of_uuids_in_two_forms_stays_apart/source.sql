create table t (id uuid primary key, v text);
insert into t values ('550e8400-e29b-41d4-a716-446655440000', 'a'), ('550E8400-E29B-41D4-A716-446655440000', 'b');
