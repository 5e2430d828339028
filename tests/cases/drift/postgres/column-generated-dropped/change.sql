alter table t alter column twice drop expression;
