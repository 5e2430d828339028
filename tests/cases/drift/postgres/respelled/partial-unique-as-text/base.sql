create table t (a int, b boolean);
create unique index i on t (a) where b;
