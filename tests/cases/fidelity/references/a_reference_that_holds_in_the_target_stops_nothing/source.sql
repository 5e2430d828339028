create table code (k primary key);
create table use (id integer primary key, k references code);
insert into code values (2020);
insert into use values (1, '2020');
