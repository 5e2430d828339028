create table parent (a integer, b text, primary key (b, a));
create table child (id integer primary key, x integer, y text, foreign key (y, x) references parent (b, a) on delete cascade);
insert into parent values (1, 'p');
insert into child values (1, 1, 'p'), (2, null, 'p'), (3, 9, null);
