create table t (a int, constraint small check (a between 1 and 9));
