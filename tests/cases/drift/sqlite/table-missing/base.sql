-- item: tables
create table t (id integer primary key, a int, b text);
create table gone (id integer primary key, note text);
