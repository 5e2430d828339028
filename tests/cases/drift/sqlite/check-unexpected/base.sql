-- item: checks
create table t (a int);
