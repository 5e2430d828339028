create table t (id integer primary key, at datetime, forced datetime);
insert into t values (1, 638000000000000000, 638000000000000000), (2, 638400000000000000, 638400000000000000);
