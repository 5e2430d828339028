create table p (id integer primary key);
create table c (id integer primary key, name text, b integer references p);
insert into p values (1);
insert into c values (1, 'x', 1), (2, 'y', 7);
