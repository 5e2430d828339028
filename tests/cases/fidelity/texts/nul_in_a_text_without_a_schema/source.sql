create table t (id integer primary key, v text);
insert into t values
  (1, cast(x'610062' as text)),
  (2, 'a');
