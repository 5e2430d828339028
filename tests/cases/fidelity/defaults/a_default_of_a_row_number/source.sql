create table t (id integer primary key default 7, v text);
insert into t values (1, 'a');
