create table t (a int, b text, check (b is not null or a is null));
create index i on t (a) where b is not null;
create view v as select a, b from t where b is not null;
