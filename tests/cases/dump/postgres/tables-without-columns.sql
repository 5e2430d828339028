create table t ();
create view v as select;
