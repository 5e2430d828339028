-- item: index predicate
create table t (id integer primary key, a int, b text);
create unique index by_a on t (a) where b is null;
