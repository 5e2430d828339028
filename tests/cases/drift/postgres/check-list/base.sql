-- item: checks
create table t (v varchar(10), constraint known check (v in ('a', 'b')));
