create table t (a int, b int, check (a > 0), unique (b));
