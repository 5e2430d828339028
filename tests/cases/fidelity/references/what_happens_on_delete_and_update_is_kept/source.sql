create table parent (id integer primary key);
create table child (id integer primary key,
  a integer references parent on delete cascade,
  b integer references parent on update restrict on delete set default,
  c integer references parent on delete set null on update cascade,
  d integer references parent on delete no action);
insert into parent values (1);
insert into child values (1, 1, 1, 1, 1), (2, null, null, null, null);
