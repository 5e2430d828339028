create table top (id integer primary key);
create table p (id integer primary key, parent integer references top);
create table k (id integer primary key, pid integer references p);
insert into top values (1);
insert into p values (1, 1), (2, 7), (3, 7);
insert into k values (1, 1), (2, 2), (3, 3), (4, 8);
