-- item: views
create table t (a int, b text, c real);
create table u (a int, b text);
create view v as select a from t limit 1 offset 2;
