create table t (id integer primary key, x text check (x between 'a' and 'c'));
insert into t values (1, 'b');
create view few as select id from t where x not between 'B' and 'a';
