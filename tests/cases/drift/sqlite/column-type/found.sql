create table t (id integer primary key, a bigint, b text);
