create table t (a int, b int);
create view v as select a, count(*) as n from t group by a, b order by a, b + 1 desc;
