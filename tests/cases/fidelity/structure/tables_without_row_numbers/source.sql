create table t (a text, b integer, v blob, primary key (b, a)) without rowid;
insert into t values ('x', 2, x'00ff'), ('x', 1, null), ('', 2, x'');
