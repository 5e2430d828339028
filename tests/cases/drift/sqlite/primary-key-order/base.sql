-- item: primary key order
create table t (a int, b int, primary key (a, b));
