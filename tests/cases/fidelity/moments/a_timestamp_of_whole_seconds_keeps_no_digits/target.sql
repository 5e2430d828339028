create table t (id bigint primary key, v timestamp(0));
