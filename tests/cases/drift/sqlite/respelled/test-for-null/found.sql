create table t (a int, b int, check (b not null or a isnull));
