create type state as enum ('new', 'done');
create table t (id bigint primary key, v state);
