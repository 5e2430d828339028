-- item: indexes
create table t (a int);
create index t_a on t (a);
alter index t_a depends on extension plpgsql;
