alter table t alter column at type timestamp(6);
