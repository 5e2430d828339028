-- item: ON CONFLICT clauses
create table t (a text primary key on conflict replace);
