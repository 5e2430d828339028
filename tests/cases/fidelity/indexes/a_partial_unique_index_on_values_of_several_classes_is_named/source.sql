create table t (id integer primary key, u, n integer, deleted_at datetime);
insert into t values (1, 10, 1, null), (2, '10', 1, 'never'), (3, 9, 1, 5);
create unique index ten on t (n) where u = '10';
create index folded on t (lower(u));
create index live on t (n) where deleted_at is null;
create index some on t (n) where u is not null;
