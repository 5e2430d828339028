-- item: views
create table t (a int, b text, c real);
create table u (a int, b text);
create view v as select t.a from t join u;
