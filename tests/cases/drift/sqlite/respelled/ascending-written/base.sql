create table t (a int, b text, primary key (a));
create index i on t (b);
