create table whole (id integer primary key, at real);
insert into whole values (1, 1700000000.0), (2, 1700000001.5);
create table mixed (id integer primary key, at);
insert into mixed values (1, 1700000000), (2, 1700000001.5), (3, 1700000002.0);
create table unclear (id integer primary key, at);
insert into unclear values (1, 1700000000), (2, 1700000000000), (3, 1700000000.0);
