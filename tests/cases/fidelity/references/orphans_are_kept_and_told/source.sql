create table parent (id integer primary key);
create table child (id integer primary key, p integer constraint of_parent references parent);
insert into parent values (1);
insert into child values (1, 1), (2, 2), (3, 3), (4, null);
