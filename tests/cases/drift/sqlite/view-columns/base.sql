-- item: views
create table t (id integer primary key, a int, b text);
create view v (x) as select a from t;
