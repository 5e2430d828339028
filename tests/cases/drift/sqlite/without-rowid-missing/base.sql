-- item: WITHOUT ROWID
create table t (a text primary key not null) without rowid;
