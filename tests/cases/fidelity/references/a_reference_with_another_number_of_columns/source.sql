create table parent (a integer, b integer, primary key (a, b));
create table child (id integer primary key, p integer references parent);
insert into parent values (1, 1);
insert into child values (1, 1);
