-- item: uniques
create table t (a int);
