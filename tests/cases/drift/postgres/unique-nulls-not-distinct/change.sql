alter table t drop constraint one;
alter table t add constraint one unique nulls not distinct (a);
