create table t (id integer primary key, v);
insert into t values
  (1, 1700000000),
  (2, 1700000000123),
  (3, 1700000000.5),
  (4, 1700000000.1234567);
