create table t (a int unique, b int not null);
