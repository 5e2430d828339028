alter table t alter column n set start with 100;
