create table t (id integer primary key, v text);
insert into t values (1, 'a');
create view v as select id from t where v = 'a';
create view w as select id from t;
