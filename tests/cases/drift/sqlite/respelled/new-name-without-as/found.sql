create table t (a int, b int);
create view v as select a x, b + 1 y from t u;
