create table t (id integer primary key, v timestamp);
insert into t values
  (1, 1700000000000),
  (2, 1700000001234);
