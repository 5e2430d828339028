create table "" (id integer primary key, v text);
insert into "" values (1, 'x');
