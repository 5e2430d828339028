create table t (v varchar(10));
create index i on t (v) where v in ('a', 'b');
