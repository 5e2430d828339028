create table t (id integer primary key, v boolean);
insert into t values
  (1, 0),
  (2, 1),
  (3, 2);
