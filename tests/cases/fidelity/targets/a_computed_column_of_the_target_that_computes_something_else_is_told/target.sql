create table t (id bigint primary key, c text generated always as ('n' || a::text) stored, a bigint, b bigint generated always as (a * 3) stored);
