create table parent (id integer primary key, code text unique, tag text);
create unique index parent_tag on parent (tag);
create table child (id integer primary key, c text references parent (code), t text references parent (tag));
insert into parent values (1, 'x', 'y');
insert into child values (1, 'x', 'y');
