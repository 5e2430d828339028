create table t (a int, b text, c real);
create table u (a int, b text);
create view v as select a from t order by a limit 2 offset 1;
