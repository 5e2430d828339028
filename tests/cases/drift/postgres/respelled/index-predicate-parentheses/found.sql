create table t (a int);
create index i on t (a) where ((a > 0) and ((a < 9)));
