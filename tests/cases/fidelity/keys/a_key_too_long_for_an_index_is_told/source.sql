create table t (k text primary key, v integer);
with recursive n (i, s) as (select 1, '' union all select i + 1, s || char(0x4e00 + (i * 7919) % 20000) from n where i < 4000)
insert into t select s, 1 from n where i = 4000;
insert into t values ('short', 2);
