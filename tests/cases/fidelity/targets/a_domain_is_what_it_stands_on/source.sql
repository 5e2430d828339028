create table t (id integer primary key, v text);
insert into t values (1, 'abc'), (2, 'abcdef'), (3, '');
