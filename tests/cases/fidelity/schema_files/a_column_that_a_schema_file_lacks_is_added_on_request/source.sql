create table t (id integer primary key, v text, more integer not null default 3);
insert into t values (1, 'a', 5), (2, 'b', 6);
