create table t (a boolean, b integer, primary key (a, b)) without rowid;
insert into t values (0, 1), (1, 1);
