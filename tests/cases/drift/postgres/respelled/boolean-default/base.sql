create table t (a boolean default true);
