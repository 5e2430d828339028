-- item: checks
create table t (a int, b int, check (b is not null or a is null));
