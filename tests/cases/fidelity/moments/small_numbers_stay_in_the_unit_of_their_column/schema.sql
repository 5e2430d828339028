-- strait schema 1
create table t (
  id bigint primary key,
  v epoch_ms
);
