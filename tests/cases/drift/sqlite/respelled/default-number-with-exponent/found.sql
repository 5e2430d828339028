create table t (a int, b int);
create table u (a real default 1e0, b real check (b < 5e-1));
