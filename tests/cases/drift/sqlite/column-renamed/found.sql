create table t (id integer primary key, a int, b text);
alter table t rename column b to c;
