create table t (a int, constraint two unique (a));
