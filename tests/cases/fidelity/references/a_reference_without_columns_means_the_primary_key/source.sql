create table parent (a integer, b text, primary key (b, a));
create table child (id integer primary key, x integer, y text, foreign key (y, x) references parent);
create table grandchild (id integer primary key, c references child);
insert into parent values (1, 'p');
insert into child values (1, 1, 'p');
insert into grandchild values (1, 1);
