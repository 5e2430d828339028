create table t (id integer primary key, s text);
create index by_s on t (s);
with recursive n (i, s) as (select 1, '' union all select i + 1, s || char(0x4e00 + (i * 7919) % 20000) from n where i < 4000)
insert into t select 1, s from n where i = 4000;
