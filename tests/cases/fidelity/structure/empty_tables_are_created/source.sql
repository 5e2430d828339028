create table a (id integer primary key, v varchar(9), w datetime, x json, y boolean, z);
create table b (x, y, primary key (x, y)) without rowid;
