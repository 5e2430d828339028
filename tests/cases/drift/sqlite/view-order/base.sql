-- item: views
create table t (a int, b int);
create view v as select a from t order by a;
