create table t (id integer primary key, v);
insert into t values
  (1, x'7b7d'),
  (2, '{}');
