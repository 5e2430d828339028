-- item: column type
create table t (price numeric(10, 2));
