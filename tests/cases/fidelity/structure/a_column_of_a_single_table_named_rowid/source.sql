create table t (rowid text, v integer);
insert into t values ('a', 1), ('a', 1);
create table u (rowid text, oid text, _rowid_ text);
insert into u values ('a', 'b', 'c'), ('a', 'b', 'c'), (null, null, null);
