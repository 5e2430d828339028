create table t (a int, v varchar(10), check (v = any (array['x', 'y']::text[])), constraint w check (v <> 'z'::varchar));
create index i on t (a) where v::text in ('x', 'y');
create view w as select a from t where v = any (array['x', 'y']);
