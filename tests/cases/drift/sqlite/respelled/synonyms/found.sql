create table t (a int, b text, c boolean, check (ifnull(a, 0) > 0), check (substring(b, 1, 1) = 'x'), check (c = true or a > 1));
create table g (a boolean, b boolean as (a = true) stored, c text, d text as (substring(c, 1, 1)));
