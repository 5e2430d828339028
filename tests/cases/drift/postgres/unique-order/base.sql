-- item: unique order
create table t (a int, b int, constraint pair unique (a, b));
