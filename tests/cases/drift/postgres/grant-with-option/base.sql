-- item: grants
create table t (id int not null, a int, b text);
grant select on t to pg_monitor;
