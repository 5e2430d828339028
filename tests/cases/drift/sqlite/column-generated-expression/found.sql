create table t (a int, twice int generated always as (a + a) stored);
