create table t (id integer primary key, v text);
create index by_v on t (v);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 3)
insert into t select i, 'v' || i from n;
vacuum;
