create table t (id integer primary key, s text, n integer, active boolean);
create index live on t (s) where active = 1;
create unique index one_live on t (n) where n is not null and active;
insert into t values (1, 'a', 5, 1), (2, 'B', null, 0), (3, null, 7, 1);
