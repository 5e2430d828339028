create table t (id integer primary key, s text, n integer, active boolean);
create index odd on t (s) where n = '5';
create index fine on t (s) where n = 5 and s <> '';
insert into t values (1, 'a', 5, 1), (2, 'B', null, 0), (3, null, 7, 1);
