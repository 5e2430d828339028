-- item: column collation
create table t (b text);
