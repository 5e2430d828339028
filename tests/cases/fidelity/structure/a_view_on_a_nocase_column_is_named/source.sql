create table t (id integer primary key, c text collate nocase, n integer);
insert into t values (1, 'abc', 5), (2, 'ABC', 6), (3, null, 7);
create view named as select id from t where c = 'abc';
create view with_one as select id, c from t where c is not null and n > 5;
