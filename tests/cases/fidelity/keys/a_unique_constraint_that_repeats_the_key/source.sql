create table t (id integer primary key, a text, unique (id), unique (a, id));
insert into t values (1, 'x');
