-- item: column type
create table t (email varchar(40));
