create table t (id integer primary key, v);
insert into t values
  (1, x'31'),
  (2, x''),
  (3, 1);
