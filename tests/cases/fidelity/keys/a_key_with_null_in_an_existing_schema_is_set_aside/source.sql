create table t (a text, b integer, v text, primary key (a, b));
insert into t values ('a', 1, 'x'), ('a', null, 'y');
