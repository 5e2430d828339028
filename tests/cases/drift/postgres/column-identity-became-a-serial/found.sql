create table t (id serial, v int);
insert into t (v) values (1), (2);
