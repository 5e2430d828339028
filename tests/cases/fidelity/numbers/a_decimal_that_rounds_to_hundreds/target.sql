create table t (id bigint primary key, v numeric(3,-2));
