-- item: AUTOINCREMENT
create table t (id integer primary key autoincrement);
