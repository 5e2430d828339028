create table t (id integer primary key, c text collate rtrim unique);
insert into t values (1, 'a'), (2, 'b ');
