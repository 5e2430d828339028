create table t (id integer primary key);
create view v as select id from t;
create table child (id integer primary key, p integer references v (id));
insert into child values (1, 1);
