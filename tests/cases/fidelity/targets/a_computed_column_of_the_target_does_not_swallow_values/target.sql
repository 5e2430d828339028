create table t (id bigint primary key, a bigint, b bigint generated always as (a * 2) stored);
