create table t (id integer primary key, v);
insert into t values
  (1, 'ab'),
  (2, 'abc'),
  (3, 'abcd'),
  (4, ''),
  (5, 'é');
