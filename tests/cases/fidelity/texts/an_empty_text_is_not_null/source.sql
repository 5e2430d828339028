create table t (id integer primary key, v text);
insert into t values
  (1, ''),
  (2, null),
  (3, 'null'),
  (4, 'NULL'),
  (5, '\N');
