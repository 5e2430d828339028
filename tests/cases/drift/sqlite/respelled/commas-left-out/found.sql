create table t (a int, b int, unique (a) check (b > 0));
