create table t (id bigint primary key, n text not null);
