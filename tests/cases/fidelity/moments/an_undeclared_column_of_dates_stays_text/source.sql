create table t (id integer primary key, v);
insert into t values
  (1, '2024-02-29'),
  (2, '2024-02-29 12:30:15');
