create table notes (body, id integer, at, done);
insert into notes values ('a', 7, 1700000000, 'yes'), ('b', 3, '2024-02-29', 0), ('c', 'x', null, 1);
