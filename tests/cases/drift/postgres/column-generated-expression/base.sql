-- item: generated expression
create table t (a int, twice int generated always as (a * 2) stored);
