create schema "MyApp";
create table t (id bigint primary key);
