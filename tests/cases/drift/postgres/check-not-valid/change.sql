alter table t drop constraint positive;
alter table t add constraint positive check (a > 0) not valid;
