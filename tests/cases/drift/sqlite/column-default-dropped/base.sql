-- item: column default
create table t (at text default current_timestamp);
