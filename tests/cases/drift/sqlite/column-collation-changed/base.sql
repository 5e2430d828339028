-- item: COLLATE
create table t (b text collate rtrim);
