create table t (a int, b int);
alter table t add constraint y check (b > 0);
alter table t add constraint x check (a > 0);
