create table t (a int, b text, c real);
create table u (a int, b text);
create view v as select count(*) as n, sum(a) over (partition by b) as s from t;
