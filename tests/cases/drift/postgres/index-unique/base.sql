-- item: index unique
create table t (id int not null, a int, b text);
create index by_a on t (a);
