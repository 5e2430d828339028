create table t (id integer primary key, v varchar(9));
insert into t values
  (1, ' a'),
  (2, 'a '),
  (3, ' '),
  (4, 'a');
