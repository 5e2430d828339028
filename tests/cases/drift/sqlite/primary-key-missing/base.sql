-- item: primary keys
create table t (id int primary key);
