create table t (id integer primary key, v);
insert into t values
  (1, '2024-02-29 12:30:15'),
  (2, '2024-02-29 12:30:15.5'),
  (3, '2024-02-29 12:30:15.000');
