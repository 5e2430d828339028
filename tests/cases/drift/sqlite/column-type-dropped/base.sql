-- item: column type
create table t (a int);
