create table t (k real primary key, v text);
insert into t values (0.1, 'a'), (1e999, 'b'), (-0.5, 'c');
