-- item: column default
create table t (a int);
