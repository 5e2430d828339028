-- item: tables
create table t (a int);
