create table t (id integer primary key, a integer, b integer generated always as (a * 2) stored, c text as ('n' || a));
insert into t (id, a) values (1, 2), (2, 3);
