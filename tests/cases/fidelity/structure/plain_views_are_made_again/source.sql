create table t (id integer primary key, v text, active boolean, n integer);
insert into t values (1, 'a', 1, 5), (2, 'b', 0, 6), (3, null, 1, null);
create view everything as select * from t;
create view live (num, name) as select id, v from t where active = 1 and v <> '';
create view "Big Ones" as select Id as "The Id", n from t where n > 5;
