create table t (id bigint primary key, n bigint constraint positive check (n > 0));
