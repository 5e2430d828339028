create table t (a int) strict;
