create table t (id integer primary key, ticks datetime, cocoa timestamp);
insert into t values (1, 638000000000000000, 700000000), (2, 638400000000000000, 720000000);
