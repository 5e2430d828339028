create table t (a int, b int, check (b > 0));
