create table t (a boolean not null default true, b boolean default false, c int default 1);
