create table t (id integer primary key, a int, b text);
create view v (y) as select a from t;
