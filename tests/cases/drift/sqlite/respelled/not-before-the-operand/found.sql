create table t (a int, b text, check (not a in (1, 2)), check (not (b like 'x%')));
create index i on t (a) where not a between 1 and 2;
create view v as select a from t where not a in (select 1);
