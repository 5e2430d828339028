create table t (a int, b int);
create view v as select t.a from t left join t as u on t.a = u.a;
