-- item: STRICT
create table t (a int) strict;
