create table t (a int, b int);
create view v as select a as x, b + 1 as y from t as u;
