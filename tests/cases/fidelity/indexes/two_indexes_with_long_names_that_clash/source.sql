create table t (id integer primary key, s text, n integer, active boolean);
create index "iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii1" on t (s);
create index "iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii2" on t (n);
insert into t values (1, 'a', 5, 1), (2, 'B', null, 0), (3, null, 7, 1);
