create table t (id integer primary key, v integer);
insert into t values
  (1, 9223372036854775807),
  (2, -9223372036854775808),
  (3, 0),
  (4, -1);
create table k (id integer primary key);
insert into k values (-9223372036854775808), (-1), (0), (9007199254740993), (9223372036854775807);
