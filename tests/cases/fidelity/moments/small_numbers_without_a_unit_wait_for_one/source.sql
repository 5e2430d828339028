create table julian (id integer primary key, at integer);
insert into julian values (1, 2460000), (2, 2460001);
create table excel (id integer primary key, at integer);
insert into excel values (1, 45000), (2, 45001);
create table several (id integer primary key, at integer);
insert into several values (1, 1700000000), (2, 1700000000000), (3, 1700000000001), (4, 5000);
