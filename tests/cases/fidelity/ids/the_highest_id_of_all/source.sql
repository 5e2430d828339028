create table t (id integer primary key autoincrement, v text);
insert into t values (9223372036854775807, 'a');
