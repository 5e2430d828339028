create table t (id integer primary key, v);
insert into t values
  (1, 9007199254740993),
  (2, 1e999),
  (3, -1e999),
  (4, 0.5);
