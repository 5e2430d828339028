create table parent (k text collate nocase primary key);
create table child (id integer primary key, p text references parent);
insert into parent values ('Abc');
insert into child values (1, 'abc'), (2, 'Abc');
