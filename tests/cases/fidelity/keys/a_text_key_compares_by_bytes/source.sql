create table t (k text primary key, v integer);
insert into t values ('a', 1), ('A', 2), ('ä', 3), ('a ', 4), ('', 5), ('Z', 6);
