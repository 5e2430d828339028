create table t (id integer primary key, a int, b text);
create table strange (id int);
