-- item: checks
create table t (a int, b int, check (a > 0), check (b > 0));
