create table parent (id integer primary key);
create table child (id integer primary key, p integer generated always as (id + 1) stored references parent);
insert into parent values (2);
insert into child (id) values (1);
create index by_p on child (p);
