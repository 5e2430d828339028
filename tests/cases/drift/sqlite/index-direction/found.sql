create table t (id integer primary key, a int, b text);
create index by_a on t (a desc);
