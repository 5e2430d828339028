create table u (b int constraint t_pkey primary key);
alter table u rename to t;
alter table t rename column b to a;
