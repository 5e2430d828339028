create table t (a int);
alter table t add column b int not null default 1;
