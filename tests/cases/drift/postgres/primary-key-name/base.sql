-- item: primary key names
create table t (a int primary key);
