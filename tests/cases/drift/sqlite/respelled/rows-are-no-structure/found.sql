create table t (a integer primary key autoincrement, b text);
insert into t (b) values ('x');
analyze;
