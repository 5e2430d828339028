create table t (id integer primary key, d decimal, r real, check (d > 0), check (r < 1.5));
insert into t values (1, 0.1, 0.5), (2, 5, 1.25);
create view rounded as select id from t where d * 3 > 0.3;
create view fractions as select id from t where id * 0.1 = 0.3;
create view beyond as select id from t where id + 9223372036854775807 > 0;
create view above as select id from t where id + 1 > 2;
create view cheap as select id from t where d <= 0.1;
