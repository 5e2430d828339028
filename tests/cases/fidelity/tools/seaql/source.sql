create table seaql_migrations (version varchar not null primary key, applied_at bigint not null);
insert into seaql_migrations values ('m20240229_000001_init', 1709209815);
create table t (id integer primary key);
insert into t values (1);
