alter table t alter column b set default 'One';
