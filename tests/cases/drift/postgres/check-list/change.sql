alter table t drop constraint known;
alter table t add constraint known check (v in ('a', 'b', 'c'));
