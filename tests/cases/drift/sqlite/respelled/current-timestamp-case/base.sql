create table t (a text default CURRENT_TIMESTAMP);
