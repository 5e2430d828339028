create table t (a int, b text, c real);
create table u (a int, b text);
create view v as select t.a from t join u where t.a = u.a;
create view w as select t.b from t, u left join t as x on x.a = u.a;
