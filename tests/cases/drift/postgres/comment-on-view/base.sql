-- item: comments
create table t (id int not null, a int, b text);
create view v as select a from t;
