-- item: column nullability
create table t (a int not null);
