create table t (a int, b int);
create table u (a real default 1.0, b real check (b < 0.5));
