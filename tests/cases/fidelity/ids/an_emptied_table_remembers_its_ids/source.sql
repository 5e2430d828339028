create table t (id integer primary key autoincrement, v text);
insert into t values (50, 'a');
delete from t;
create table u (id integer primary key autoincrement);
