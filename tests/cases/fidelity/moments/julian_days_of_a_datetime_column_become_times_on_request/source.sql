create table t (id integer primary key, at datetime);
insert into t values
  (1, 2460000.5),
  (2, 2460000),
  (3, julianday('2024-02-29 12:30:15.250'));
