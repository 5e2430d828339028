create table t ("" integer, v text);
insert into t values (1, 'x');
