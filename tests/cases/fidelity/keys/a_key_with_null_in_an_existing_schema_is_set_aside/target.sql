create table t (a text, b bigint, v text, primary key (a, b));
