create table t (id bigint primary key, v text) partition by range (id);
create table t_low partition of t for values from (0) to (10);
create table t_high partition of t for values from (10) to (20);
