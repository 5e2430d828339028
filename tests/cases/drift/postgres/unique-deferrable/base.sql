-- item: unique deferrable
create table t (a int, constraint one unique (a));
