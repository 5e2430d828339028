create table folder (id integer primary key, inside integer references folder (id));
insert into folder values (1, 3), (2, 1), (3, null);
