create table t (id integer primary key, a int, b text);
create table u (a int);
create index by_a on u (a);
