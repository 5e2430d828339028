create table t (id integer primary key, a text, b text, c text);
insert into t values (1, '10.0.0.1', '1 day', '(1,2)');
