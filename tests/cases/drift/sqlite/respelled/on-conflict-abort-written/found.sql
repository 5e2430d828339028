create table t (a int unique on conflict abort, b int not null on conflict abort);
