create table t (id integer primary key, a as (id * 2), b as (a + 1));
insert into t (id) values (1), (2);
