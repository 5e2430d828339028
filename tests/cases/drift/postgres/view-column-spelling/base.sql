-- item: views
create table t (a int, b text);
create view v as select a, b from t;
