create table t (id bigint primary key, v char(3));
