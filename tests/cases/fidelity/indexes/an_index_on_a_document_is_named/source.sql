create table t (id integer primary key, j json, b jsonb);
create index by_j on t (j);
create index by_b on t (b);
insert into t values (1, '{}', '{}');
