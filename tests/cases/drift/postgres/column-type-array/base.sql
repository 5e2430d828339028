-- item: column type
create table t (tags text);
