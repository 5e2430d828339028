create table t (a int, b int, c int, check (a = 1 or (b = 2 and c = 3)));
