create table t (id integer primary key, v jsonb);
insert into t values
  (1, '{"b":1,"a":2}'),
  (2, '[1]');
