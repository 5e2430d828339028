create table t (id integer primary key autoincrement);
insert into t values (100);
delete from sqlite_sequence;
