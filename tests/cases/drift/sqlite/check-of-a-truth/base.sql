-- item: checks
create table t (a int, check (a is true));
