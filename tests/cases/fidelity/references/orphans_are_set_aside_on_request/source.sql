create table city (id integer primary key, name text);
create table person (id integer primary key, city integer references city);
create table letter (id integer primary key, writer integer references person, reader integer references person);
create table reply (letter integer primary key references letter, at integer) without rowid;
insert into city values (1, 'Ulm');
insert into person values (1, 1), (2, 7), (3, null);
insert into letter values (10, 1, 3), (11, 1, 2), (12, 2, 9), (13, 3, null);
insert into reply values (10, 1), (11, 2), (13, 3);
