create table t (id bigint primary key, v text);
create sequence alone start 42;
