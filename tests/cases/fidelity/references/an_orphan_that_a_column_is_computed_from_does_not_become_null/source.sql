create table city (id integer primary key);
create table person (id integer primary key, city integer references city, label text as ('c' || city));
insert into city values (1);
insert into person (id, city) values (1, 1), (2, 7);
