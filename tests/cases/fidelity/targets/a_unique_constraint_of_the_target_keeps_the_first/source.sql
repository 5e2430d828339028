create table t (id integer primary key, n text);
insert into t values (1, 'a'), (2, 'a'), (3, null), (4, null), (5, 'A');
