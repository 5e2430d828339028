create table t (id integer primary key, v text);
insert into t values
  (1, '007'),
  (2, '7'),
  (3, '00'),
  (4, '1.0');
