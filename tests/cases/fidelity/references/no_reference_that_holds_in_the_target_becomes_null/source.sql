create table owner (id text primary key);
create table thing (id integer primary key, owner text references owner);
create table grade (n primary key);
create table pupil (id integer primary key, grade references grade);
insert into owner values ('0B0E1A52-7C1D-4E0B-9C53-0242AC130002');
insert into thing values (1, '0b0e1a52-7c1d-4e0b-9c53-0242ac130002'), (2, '{0B0E1A52-7C1D-4E0B-9C53-0242AC130002}'), (3, '11111111-1111-1111-1111-111111111111'), (4, null);
insert into grade values (5), (7.0);
insert into pupil values (1, '5'), (2, 5), (3, 7), (4, '7'), (5, 6), (6, '6');
