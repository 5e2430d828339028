create table t (id integer primary key, v text);
insert into t values
  (1, x'616263'),
  (2, x''),
  (3, x'ff00'),
  (4, 'abc'),
  (5, ''),
  (6, null);
