create table t (id integer primary key, s text, n integer, active boolean);
create unique index odd on t (s) where s glob 'a*';
create index odd_too on t (n) where n % 2 = 1;
insert into t values (1, 'a', 5, 1), (2, 'B', null, 0), (3, null, 7, 1);
