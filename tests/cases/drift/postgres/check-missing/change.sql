alter table t drop constraint positive;
