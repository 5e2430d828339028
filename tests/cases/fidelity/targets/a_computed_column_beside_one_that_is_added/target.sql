create table t (id bigint primary key, b bigint generated always as (a * 2) stored, a bigint);
