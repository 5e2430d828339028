create table t (a text, b);
insert into t values ('x', 1), ('x', 1), ('x', 1), (null, null), (null, null);
