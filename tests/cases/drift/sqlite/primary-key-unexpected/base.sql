-- item: primary keys
create table t (id text);
