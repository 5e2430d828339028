create table t (
  id integer primary key, s text, b boolean, x integer, late text as (substr(s, 3000000000)),
  check (s is 'a' is null or 1), check (1 in (b, x)), check (1 between b and x)
);
create index by_null on t (null);
insert into t (id, s, b, x) values (1, 'a', 1, 1), (2, 'b', 0, 1);
