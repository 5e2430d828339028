create table parent (id integer primary key);
create table child (id integer primary key,
  a integer references parent deferrable initially deferred,
  b integer references parent deferrable initially immediate,
  c integer constraint strict references parent not deferrable);
insert into parent values (1);
insert into child values (1, 1, 1, 1);
