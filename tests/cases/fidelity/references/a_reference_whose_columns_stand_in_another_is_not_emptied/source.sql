create table plan (id integer primary key);
create table offer (id integer primary key);
create table item (id integer primary key, code integer references plan references offer);
insert into plan values (1);
insert into offer values (1), (2);
insert into item values (1, 1), (2, 2);
