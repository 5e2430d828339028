-- item: uniques
create table t (id int not null, a int, b text);
