-- item: storage parameters
create table t (id int not null, a int, b text);
alter table t set (autovacuum_enabled = false);
