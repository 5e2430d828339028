-- item: primary key order
create table t (a text, primary key (a)) without rowid;
