-- item: materialized views
create table t (id int not null, a int, b text);
create materialized view m as select a from t;
