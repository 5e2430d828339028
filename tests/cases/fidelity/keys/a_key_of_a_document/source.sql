create table t (k json primary key, v integer);
insert into t values ('{"a":1}', 1), ('{"b":1}', 2);
