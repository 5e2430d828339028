create table t (id integer primary key, v text);
insert into t values (5, 'a'), (3, 'b');
