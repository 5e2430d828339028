create table t (id integer primary key, a text, v text);
insert into t (id, v) values (1, 'x');
