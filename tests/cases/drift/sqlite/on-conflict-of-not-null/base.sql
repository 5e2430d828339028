-- item: ON CONFLICT clauses
create table t (a int not null);
