create table t (a int, check (a is 1));
