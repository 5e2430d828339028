create table t (id integer primary key, a text, b text, c text, d text, e text);
insert into t values (1, '1.50', '12:30+02', '<a/>', '101', 'x');
