create table t (a int, b text, check (a not in (1, 2)), check (b not like 'x%'));
create index i on t (a) where a not between 1 and 2;
create view v as select a from t where a not in (select 1);
