alter table t alter column price type numeric(10, 3);
