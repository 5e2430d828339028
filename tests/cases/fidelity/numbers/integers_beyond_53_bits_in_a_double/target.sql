create table t (id bigint primary key, v double precision);
