create table t (id serial, n bigint generated always as identity);
