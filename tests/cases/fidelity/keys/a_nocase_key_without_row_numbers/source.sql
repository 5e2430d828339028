create table t (k text collate nocase, n integer, primary key (k, n)) without rowid;
insert into t values ('a', 1), ('A', 2), ('b', 1);
