create table t (id integer primary key, s text collate nocase check (s <> 'x'), n integer, check (s is not null or n > 0));
insert into t values (1, 'a', null);
