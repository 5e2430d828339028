create table t (a int, check ("T".a > 0));
create index i on t (a) where [t].a > 1;
