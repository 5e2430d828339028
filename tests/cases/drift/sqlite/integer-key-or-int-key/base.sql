-- item: INT versus INTEGER keys
create table t (id integer primary key);
