alter table t add constraint positive check (a > 0);
