create table t (id integer primary key, v decimal(10,2));
insert into t values
  (1, 1.5),
  (2, '1.50'),
  (3, 10),
  (4, 10.0),
  (5, '19.99'),
  (6, '0.1'),
  (7, 12345678901234567);
