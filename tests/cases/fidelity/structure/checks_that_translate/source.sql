create table t (id integer primary key, n integer check (n > 0), s text, b boolean,
  constraint short check (length(s) <= 5), constraint one_of check (s in ('a', 'b') or s is null), check (n between 1 and 9));
insert into t values (1, 5, 'a', 1), (2, 9, null, 0), (3, null, 'b', null);
