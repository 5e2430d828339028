create table t (a int, check ( a IN (1, 2, 3) ));
