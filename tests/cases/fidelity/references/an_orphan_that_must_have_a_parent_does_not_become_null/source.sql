create table city (id integer primary key);
create table person (id integer primary key, city integer not null references city, birth integer references city);
insert into city values (1);
insert into person values (1, 1, 5), (2, 7, 1);
