create table t (id integer primary key, v);
insert into t values
  (1, 9007199254740993),
  (2, 0.5),
  (3, 1e-7);
