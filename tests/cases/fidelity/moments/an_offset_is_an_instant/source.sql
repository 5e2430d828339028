create table t (id integer primary key, v);
insert into t values
  (1, '2024-02-29T12:30:15+02:00'),
  (2, '2024-02-29 12:30:15'),
  (3, '2024-02-29T00:00:00-12:00'),
  (4, '2024-02-29');
