create table parent (id integer primary key);
create table child (
  id integer primary key, p integer generated always as (id + 1) stored references parent on update cascade,
  q integer as (id + 1) stored references parent on delete set null, r integer as (id + 1) stored references parent on delete cascade
);
insert into parent values (2);
insert into child (id) values (1);
