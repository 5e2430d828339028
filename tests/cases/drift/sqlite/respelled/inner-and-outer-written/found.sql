create table t (a int, b int);
create view v as select t.a from t inner join t as u on t.a = u.a left outer join t as w on w.a = t.a;
