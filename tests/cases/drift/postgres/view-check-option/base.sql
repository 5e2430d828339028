-- item: views
create table t (id int not null, a int, b text);
create view v as select a from t where a > 1;
