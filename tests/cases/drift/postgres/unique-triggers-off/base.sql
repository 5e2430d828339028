-- item: uniques
create table t (id int not null, a int unique deferrable, b text);
