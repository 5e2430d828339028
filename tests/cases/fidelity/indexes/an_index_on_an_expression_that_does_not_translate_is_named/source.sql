create table t (id integer primary key, s text, n integer, active boolean);
create index by_year on t (strftime('%Y', s));
create unique index by_json on t (json_extract(s, '$.a'));
create index by_concat on t (s || n);
insert into t values (1, null, 5, 1);
