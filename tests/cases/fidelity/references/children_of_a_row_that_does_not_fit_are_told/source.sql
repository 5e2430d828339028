create table parent (id integer primary key, n integer);
create table child (id integer primary key, p integer references parent);
insert into parent values (1, 1), (2, 70000);
insert into child values (10, 1), (11, 2), (12, 2), (13, 9);
