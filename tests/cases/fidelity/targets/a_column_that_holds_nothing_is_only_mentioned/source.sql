create table t (id integer primary key, v text, more integer);
insert into t (id, v) values (1, 'a');
