create table t (a int, b int, unique (b), check (a > 0));
