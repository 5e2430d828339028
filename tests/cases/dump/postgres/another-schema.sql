create schema other;
create table other.t (a int);
create table t (a int);
create view v as select * from other.t;
