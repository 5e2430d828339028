create table w (a text primary key, b int) without rowid;
create table s (a integer primary key, b any) strict;
create table sw (a text primary key) strict, without rowid;
create table auto (id integer primary key autoincrement, n text);
create table desc_key (id integer primary key desc, n text);
