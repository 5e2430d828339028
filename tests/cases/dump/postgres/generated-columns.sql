create table t (a int, b int generated always as (a * 2) stored,
    c text generated always as (case when a > 1 then 'x' else 'y' end) stored);
create function twice(int) returns int immutable language sql as 'select $1 * 2';
create table u (a int, b int generated always as (twice(a)) stored, c inet generated always as ('1.2.3.4'::inet + a) stored);
