create table t (id integer primary key, v blob);
insert into t values
  (1, x''),
  (2, null),
  (3, x'00'),
  (4, zeroblob(3));
