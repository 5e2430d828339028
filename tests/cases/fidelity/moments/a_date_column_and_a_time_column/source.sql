create table t (id integer primary key, d date, t time, dt date);
insert into t values (1, '2024-02-29', '12:30', '2024-02-29 12:00'), (2, null, '23:59:59.5', '2024-03-01');
