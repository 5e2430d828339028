create table t (k primary key, v text);
insert into t values (1, 'number'), ('1', 'text'), ('a', 'other');
