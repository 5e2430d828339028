-- item: index collation
create table t (id integer primary key, a int, b text);
create index by_b on t (b);
