create table t (id integer primary key, v);
insert into t values
  (1, '1e131072'),
  (2, '1e131071'),
  (3, '1e-20000'),
  (4, '1e999999999999');
