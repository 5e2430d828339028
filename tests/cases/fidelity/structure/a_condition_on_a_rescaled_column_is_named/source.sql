create table t (id integer primary key, at integer, gone integer, check (at < 1850000000));
insert into t values (1, 1700000000, null), (2, 1800000000, 1800000001);
create index early on t (id) where at < 1750000000;
create index live on t (id) where gone is null;
create view late as select id from t where at >= 1750000000;
