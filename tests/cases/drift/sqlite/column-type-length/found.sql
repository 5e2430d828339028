create table t (email varchar(50));
