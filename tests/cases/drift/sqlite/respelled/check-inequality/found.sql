create table t (a int, check (a != 1));
