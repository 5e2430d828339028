create table t (id integer primary key, v json);
insert into t values
  (1, '{}'),
  (2, 'not json');
