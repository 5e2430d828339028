create table t (id integer primary key, at datetime);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 19)
insert into t select i, 1700000000000 + i * 3600000 from n;
insert into t values (20, 100000), (21, 0), (22, null);
create table mixed (id integer primary key, at datetime);
insert into mixed values (1, 1700000000), (2, 1700000000000), (3, 5), (4, -5);
