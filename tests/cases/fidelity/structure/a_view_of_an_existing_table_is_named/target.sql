create table t (id bigint primary key, v text);
create view taken as select 1 as one;
