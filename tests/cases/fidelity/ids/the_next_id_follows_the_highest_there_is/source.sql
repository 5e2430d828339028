create table t (id integer primary key, v text);
insert into t values (1, 'a'), (100, 'b');
delete from t where id = 100;
