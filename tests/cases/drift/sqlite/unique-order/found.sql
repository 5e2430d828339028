create table t (a int, b int, unique (b, a));
