create table t (id integer primary key, v);
insert into t values
  (1, 9007199254740992),
  (2, 9007199254740993),
  (3, -9007199254740993),
  (4, 9223372036854775807);
