-- item: columns
create table t (id integer primary key, a int, b text);
