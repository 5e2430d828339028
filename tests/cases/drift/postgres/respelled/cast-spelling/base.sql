create table t (a text default cast('x' as text));
