create table t (id integer primary key, a int not null, b text);
