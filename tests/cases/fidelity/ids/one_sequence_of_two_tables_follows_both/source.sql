create table a (id integer primary key);
create table b (id integer primary key);
insert into a values (5);
insert into b values (70);
