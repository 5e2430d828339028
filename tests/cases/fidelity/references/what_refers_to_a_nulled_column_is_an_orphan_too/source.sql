create table plan (code text primary key);
create table team (id integer primary key, plan text unique references plan);
create table bill (id integer primary key, plan text references team (plan));
insert into plan values ('a');
insert into team values (1, 'a'), (2, 'gone');
insert into bill values (1, 'a'), (2, 'gone');
