-- item: index collation
create table t (id int not null, a int, b text);
create index by_b on t (b);
