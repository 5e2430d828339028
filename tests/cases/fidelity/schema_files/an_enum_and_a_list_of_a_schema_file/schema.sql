-- strait schema 1
create type state as enum ('new', 'done');
create table t (
  id bigint primary key,
  s state,
  l text[]
);
