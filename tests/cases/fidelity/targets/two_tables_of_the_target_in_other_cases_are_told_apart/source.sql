create table Users (id integer primary key);
insert into Users values (1);
