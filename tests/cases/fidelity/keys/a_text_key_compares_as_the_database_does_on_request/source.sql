create table t (k text primary key, v integer);
insert into t values ('a', 1), ('A', 2);
