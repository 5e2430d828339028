create table t (b text);
create index i on t (lower(b));
