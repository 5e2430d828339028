create table t (a int, b text, c real);
create table u (a int, b text);
create view v as select all a from t union all select all a from u;
