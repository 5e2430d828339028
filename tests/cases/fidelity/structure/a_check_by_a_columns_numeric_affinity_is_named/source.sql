create table t (id integer primary key, s string check (s > '5'), u text check (u > '5'));
insert into t values (1, '-a', 'a');
