create table t (a int, b text, c boolean, check (coalesce(a, 0) > 0), check (substr(b, 1, 1) = 'x'), check (c = 1 or a > 1));
