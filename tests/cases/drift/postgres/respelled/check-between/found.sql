create table t (a int, constraint small check (a >= 1 and a <= 9));
