create table city (id integer primary key, name text);
create table person (id integer primary key, city integer references city);
insert into city values (1, 'Ulm');
insert into person values (1, 1), (2, 7);
