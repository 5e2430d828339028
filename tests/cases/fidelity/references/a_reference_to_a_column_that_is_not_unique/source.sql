create table parent (id integer primary key, name text);
create table child (id integer primary key, n text constraint to_name references parent (name));
insert into parent values (1, 'a'), (2, 'a');
insert into child values (1, 'a');
