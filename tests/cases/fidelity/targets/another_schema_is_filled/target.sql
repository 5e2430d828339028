create schema "My App";
create table t (id bigint primary key);
