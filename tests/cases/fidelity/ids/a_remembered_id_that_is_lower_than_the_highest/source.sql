create table t (id integer primary key autoincrement);
insert into t values (100);
update sqlite_sequence set seq = 5;
