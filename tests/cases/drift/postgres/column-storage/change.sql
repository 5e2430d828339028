alter table t alter column b set storage external;
