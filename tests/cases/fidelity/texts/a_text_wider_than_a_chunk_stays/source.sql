create table t (id integer primary key, v blob, w text);
insert into t values (1, zeroblob(17000000), 'a'), (2, zeroblob(20000000), 'b'), (3, x'01', 'c');
