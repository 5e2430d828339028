create table t (a int, constraint other check (a != 1));
