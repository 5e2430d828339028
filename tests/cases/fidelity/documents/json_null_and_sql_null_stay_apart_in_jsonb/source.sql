create table t (id integer primary key, v);
insert into t values
  (1, 'null'),
  (2, null),
  (3, '"null"');
