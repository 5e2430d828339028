-- item: primary keys
create table t (a int primary key);
