-- item: column type
create table t (at timestamp(3));
