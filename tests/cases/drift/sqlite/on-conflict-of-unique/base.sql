-- item: ON CONFLICT clauses
create table t (a int unique on conflict ignore);
