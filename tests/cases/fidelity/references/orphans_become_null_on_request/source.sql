create table city (id integer primary key, name text);
create table person (id integer primary key, name text, city integer references city, home integer references city);
insert into city values (1, 'Ulm');
insert into person values (1, 'a', 1, 1), (2, 'b', 7, 1), (3, 'c', null, 8), (4, 'd', 7, 9);
