create table t (id integer primary key, go datetime);
insert into t values (1, '2023-01-01 01:02:03.123456789+02:00'), (2, '2023-01-01 01:02:04.5+00:00'), (3, '');
