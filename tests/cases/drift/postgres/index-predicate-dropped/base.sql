-- item: index predicate
create table t (id int not null, a int, b text);
create unique index by_a on t (a) where b is null;
