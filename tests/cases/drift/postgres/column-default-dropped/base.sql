-- item: column default
create table t (at timestamptz default now());
