-- item: views
create table t (id integer primary key, a int, b text);
create view v as select a from t where a > 1;
