create table t (id integer primary key, s text, n integer, active boolean);
create index by_lower on t (lower(s));
create unique index by_length on t (length(s), n);
create index by_sum on t (n + 1);
insert into t values (1, 'a', 5, 1), (2, 'B', null, 0), (3, null, 7, 1);
