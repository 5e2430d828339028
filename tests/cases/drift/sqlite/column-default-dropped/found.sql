create table t (at text);
