create table t (a text default current_timestamp);
