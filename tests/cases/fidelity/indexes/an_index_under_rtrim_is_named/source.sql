create table t (id integer primary key, s text, n integer, active boolean);
create index by_s on t (s collate rtrim);
insert into t values (1, 'a', 5, 1), (2, 'B', null, 0), (3, null, 7, 1);
