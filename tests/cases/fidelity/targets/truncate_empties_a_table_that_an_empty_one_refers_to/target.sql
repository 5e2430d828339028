create table t (id bigint primary key);
create table other (id bigint primary key, t bigint references t);
insert into t values (7);
