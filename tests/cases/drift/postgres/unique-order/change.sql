alter table t drop constraint pair;
alter table t add constraint pair unique (b, a);
