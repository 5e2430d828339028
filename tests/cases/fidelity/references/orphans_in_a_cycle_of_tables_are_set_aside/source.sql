create table team (id integer primary key, lead integer references person);
create table person (id integer primary key, team integer references team);
insert into team values (1, 1), (2, 3), (3, 4), (4, null);
insert into person values (1, 1), (2, 2), (3, 9), (4, 2), (5, 4);
