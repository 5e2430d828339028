create table city (id integer primary key);
create table person (id integer primary key, city integer references city, name text);
insert into city values (1);
