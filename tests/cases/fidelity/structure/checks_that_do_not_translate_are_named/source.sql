create table t (id integer primary key, s text check (s glob 'a*'), j text check (json_valid(j)), n integer check (typeof(n) = 'integer'),
  constraint like_it check (s like 'A%'));
insert into t values (1, 'abc', '{}', 5);
