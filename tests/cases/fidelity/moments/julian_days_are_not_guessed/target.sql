create table u (id bigint primary key, v timestamp);
