create table old (id integer primary key);
insert into old values (1);
insert into child values (1, 1);
