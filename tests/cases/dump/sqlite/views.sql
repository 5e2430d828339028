create table t (a int, b text);
create view v as select a, b as "x y" from t -- end
;
create view z(c, d) as select * from v;
create view bad as select * from no_such;

