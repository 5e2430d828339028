create table t (a int);
alter table t add column b text default 'x';
