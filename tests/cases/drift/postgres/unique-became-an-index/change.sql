alter table t drop constraint one;
create unique index one on t (a);
