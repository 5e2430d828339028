create table t (id integer primary key, b blob, r real);
create unique index by_b on t (b);
create index by_r on t (r);
insert into t values (1, x'00', 1.5), (2, x'', -0.5);
