create table t (id bigint primary key, v numeric);
