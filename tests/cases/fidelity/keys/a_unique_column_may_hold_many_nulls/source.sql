create table t (id integer primary key, c text unique, d integer, constraint two unique (c, d));
insert into t values (1, null, 1), (2, null, 1), (3, 'x', null);
