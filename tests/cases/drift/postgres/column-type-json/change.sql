alter table t alter column doc type jsonb;
