create table t (a int);
create view v as SELECT t.a FROM t;
