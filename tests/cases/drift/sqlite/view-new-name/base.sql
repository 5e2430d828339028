-- item: views
create table t (a int, b int);
create view v as select a as x from t;
