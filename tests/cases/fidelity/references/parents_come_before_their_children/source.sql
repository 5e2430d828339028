create table grandchild (id integer primary key, child integer not null references child);
create table child (id integer primary key, parent integer not null references parent);
create table parent (id integer primary key);
insert into grandchild values (1, 1);
insert into child values (1, 1);
insert into parent values (1);
