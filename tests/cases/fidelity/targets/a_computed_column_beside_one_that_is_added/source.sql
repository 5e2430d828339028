create table t (id integer primary key, a integer, b integer as (a * 2), c text);
insert into t (id, a, c) values (1, 2, 'x'), (2, null, 'y');
