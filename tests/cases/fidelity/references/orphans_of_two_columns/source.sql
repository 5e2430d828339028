create table parent (a integer, b integer, primary key (a, b));
create table child (id integer primary key, x integer, y integer, foreign key (x, y) references parent);
insert into parent values (1, 1);
insert into child values (1, 1, 1), (2, 1, 2), (3, null, 7);
