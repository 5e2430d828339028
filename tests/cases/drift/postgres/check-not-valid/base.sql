-- item: checks not valid
create table t (a int, constraint positive check (a > 0));
