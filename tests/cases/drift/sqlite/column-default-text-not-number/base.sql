-- item: column default
create table t (a default 1);
