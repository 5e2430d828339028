create table notes (id integer primary key, body text);
insert into notes values (1, 'a');
create table cache (k text);
insert into cache values ('x');
