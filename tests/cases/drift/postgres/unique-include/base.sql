-- item: uniques
create table t (a int, b text, constraint one unique (a));
