-- item: grants
create table t (id int not null, a int, b text);
create view v as select a, b from t;
grant select (a) on v to public;
