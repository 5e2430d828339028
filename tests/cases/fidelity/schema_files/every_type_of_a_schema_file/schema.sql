-- strait schema 1
create table t (
  id bigint primary key,
  a boolean,
  b smallint,
  c double,
  d numeric(5,2),
  e date,
  f time,
  g timestamptz,
  h jsonb,
  i uuid,
  j bytes
);
