create table t (a int, check (a in (1,2,3)));
