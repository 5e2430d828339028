create table t (a int, twice int);
