create table parent (id integer primary key, code text unique);
create table child (id integer primary key, a integer references parent, b integer references parent, c text references parent (code), foreign key (a) references parent (id) on delete cascade);
insert into parent values (1, 'x');
insert into child values (1, 1, 1, 'x');
