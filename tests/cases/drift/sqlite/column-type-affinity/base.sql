-- item: column type
create table t (doc json_text);
