alter table t drop constraint one;
alter table t add constraint one unique (a) include (b);
