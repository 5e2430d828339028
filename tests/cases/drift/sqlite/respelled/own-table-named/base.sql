create table t (a int, check (a > 0));
create index i on t (a) where a > 1;
