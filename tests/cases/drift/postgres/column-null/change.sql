alter table t alter column id drop not null;
