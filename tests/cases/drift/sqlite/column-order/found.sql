create table t (b int, c int, a int);
