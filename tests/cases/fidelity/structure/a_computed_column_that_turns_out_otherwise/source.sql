-- SQLite forgets the sign of a zero that it stores in a column of reals.
create table t (id integer primary key, x, s real as (x) stored, negative real as (-x), n integer, twice integer as (n * 2), m real);
insert into t (id, x, n, m) values (1, 0.0 * -1, 5, 0.0), (2, 1.5, 6, 2.5), (3, 0.0, 7, null);
create index by_s on t (s);
create view shown as select id, s, twice from t;
create table u (id integer primary key, t integer references t, negative real as (-m) stored, size real as (abs(m)) stored, m real);
insert into u (id, t, m) values (1, 1, 0.0), (2, 3, -1.5);
