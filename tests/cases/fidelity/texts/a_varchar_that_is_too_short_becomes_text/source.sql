create table t (id integer primary key, v varchar(5));
insert into t values
  (1, 'abcdef'),
  (2, 'a');
