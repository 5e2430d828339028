create table author (id integer primary key, best integer not null references book);
create table book (id integer primary key, by integer not null references author);
insert into author values (1, 10), (2, 11);
insert into book values (10, 1), (11, 2);
