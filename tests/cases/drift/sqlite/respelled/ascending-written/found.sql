create table t (a int, b text, primary key (a asc));
create index i on t (b asc);
