create table t (id integer primary key);
insert into t values (1);
create table extra (id integer primary key, v text);
insert into extra values (1, 'x');
