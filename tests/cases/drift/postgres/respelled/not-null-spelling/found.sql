create table t (a int, b text, check (b notnull or a isnull));
create index i on t (a) where b NOTNULL;
create view v as select a, b from t where b notnull;
