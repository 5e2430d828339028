create table t (a int, b text, c boolean, check (coalesce(a, 0) > 0), check (substr(b, 1, 1) = 'x'), check (c = 1 or a > 1));
create table g (a boolean, b boolean as (a = 1) stored, c text, d text as (substr(c, 1, 1)));
