alter table t alter column at drop default;
