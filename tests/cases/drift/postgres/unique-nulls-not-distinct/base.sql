-- item: unique nulls not distinct
create table t (a int, constraint one unique (a));
