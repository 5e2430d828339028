create table t (id integer primary key);
insert into t values (1);
create table cache (k text, v blob);
insert into cache values ('a', x'00'), ('b', x'00');
