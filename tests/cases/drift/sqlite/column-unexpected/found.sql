create table t (id integer primary key, a int, b text);
alter table t add column c date;
