create table t (id integer primary key, v text) without rowid;
insert into t values (5, 'a');
