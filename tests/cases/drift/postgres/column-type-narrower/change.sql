alter table t alter column email type varchar(20);
