create table t (a int primary key);
create index i on t (a);
insert into t values (1);
analyze;
