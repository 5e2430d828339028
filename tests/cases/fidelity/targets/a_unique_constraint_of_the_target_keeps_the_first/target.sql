create table t (id bigint primary key, n text constraint one_n unique);
