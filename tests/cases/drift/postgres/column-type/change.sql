alter table t alter column a type bigint;
