create table t (id integer primary key, v real);
insert into t values
  (1, 1),
  (2, 2),
  (3, -3);
insert into t values (9, 9007199254740993);
