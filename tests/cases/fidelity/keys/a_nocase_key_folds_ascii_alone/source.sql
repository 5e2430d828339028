create table t (k text collate nocase primary key, v integer);
insert into t values ('a', 1), ('B', 2), ('Ä', 3), ('ä', 4);
