create table folder (id integer primary key, inside integer references folder);
insert into folder values (1, 1), (2, 99);
