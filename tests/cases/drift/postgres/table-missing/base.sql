-- item: tables
create table t (id int not null, a int, b text);
create table gone (id int primary key, note text);
