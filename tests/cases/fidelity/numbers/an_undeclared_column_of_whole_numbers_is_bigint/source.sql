create table t (id integer primary key, v);
insert into t values
  (1, 1),
  (2, 2),
  (3, null);
