create table s (id integer primary key, a varchar(9), r real);
insert into s values (1, 'x', 1.5);
create table t as select *, a || 'y' as b, count(*) as n from s;
