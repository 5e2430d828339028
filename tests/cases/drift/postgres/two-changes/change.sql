alter table t alter column a type bigint, alter column b set default 'x';
