create table t (k blob primary key, v text);
insert into t values (x'00', 'a'), (x'', 'b'), (x'ff', 'c');
