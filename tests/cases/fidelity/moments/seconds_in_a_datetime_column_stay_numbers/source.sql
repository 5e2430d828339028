create table t (id integer primary key, v datetime);
insert into t values
  (1, 1700000000),
  (2, 1700000001),
  (3, null);
