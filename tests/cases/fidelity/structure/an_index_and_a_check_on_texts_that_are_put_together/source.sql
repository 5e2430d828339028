create table t (id integer primary key, a text not null, b integer, check (length(trim(a)) > 0), check (a || b <> 'x1' or b is null), check (case when b > 5 then a <> '' else 1 = 1 end));
create index t_both on t (a || '/' || b);
create unique index t_start on t (substr(a, 1, 3));
create index t_end on t (substr(a, -3));
insert into t values (1, 'abc', 1), (2, 'äöü', null);
