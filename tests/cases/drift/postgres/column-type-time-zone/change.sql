alter table t alter column at type timestamptz;
