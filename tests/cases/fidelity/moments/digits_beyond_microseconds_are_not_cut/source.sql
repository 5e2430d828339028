create table t (id integer primary key, v);
insert into t values
  (1, '2024-02-29 12:30:15.123456789'),
  (2, '2024-02-29 12:30:15.123456000'),
  (3, '2024-02-29 12:30:15.1234567');
