-- item: uniques
create table t (a text, unique (a));
