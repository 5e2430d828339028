create table t (
  id integer primary key, a integer, r real, x text, j text,
  half integer as (a / 2), rest integer as (a % 3), sum real as (r + 0.1), rounded integer as (round(r)),
  written text as (x || r), ending text as (substr(x, -2)), tied text as (a + 1 || x), later text as (date(x)),
  twice integer as (half * 2), mixed as (coalesce(a, x)), part text as (json_extract(j, '$.a')), n numeric as (a * 1.5)
);
insert into t (id, a, r, x, j) values (1, 7, 2.5, '2024-01-01', '{"a":1}'), (2, -7, -0.5, 'abc', '{}'), (3, null, null, null, null);
