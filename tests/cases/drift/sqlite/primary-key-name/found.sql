create table t (a text, primary key (a));
