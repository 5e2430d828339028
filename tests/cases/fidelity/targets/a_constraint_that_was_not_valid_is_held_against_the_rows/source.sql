create table parent (id integer primary key);
create table child (id integer primary key, p integer);
insert into parent values (1);
insert into child values (1, 1), (2, 9), (3, null);
