create table t (id integer primary key, v integer);
insert into t values
  (1, 32767),
  (2, -32768),
  (3, 32768),
  (4, -32769);
