create table t (id integer primary key, v);
insert into t values
  (1, 1e999),
  (2, -1e999),
  (3, 0.5);
