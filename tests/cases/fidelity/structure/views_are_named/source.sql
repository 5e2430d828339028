create table t (id integer primary key, v text);
insert into t values (1, 'a');
create view simple as select id, v from t;
create view broken as select gone from nowhere;
