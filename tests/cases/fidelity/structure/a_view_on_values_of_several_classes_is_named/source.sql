create table t (id integer primary key, x, y int, z);
insert into t values (1, 10, 'a', x'01'), (2, '10', 5, 'b'), (3, '9', null, 7);
create view texts as select id from t where x > '5';
create view numbers as select id from t where y = 5;
create view bytes as select id from t where z <> 'b';
create view with_y as select id from t where y is not null;
