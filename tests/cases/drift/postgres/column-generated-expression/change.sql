alter table t drop column twice;
alter table t add column twice int generated always as (a + a) stored;
