create table t (a int, v varchar(10), check (v in ('x', 'y')), constraint w check (v <> 'z'));
create index i on t (a) where v in ('x', 'y');
create view w as select a from t where v in ('x', 'y');
