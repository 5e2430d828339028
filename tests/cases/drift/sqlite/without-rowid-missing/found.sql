create table t (a text primary key not null);
