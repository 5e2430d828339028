create table t (id integer primary key, v decimal(10,2));
insert into t values
  (1, '19.99'),
  (2, 'n/a'),
  (3, 3);
