create table a (id integer constraint pk primary key, v text constraint one unique, n integer constraint positive check (n > 0));
create table b (id integer constraint pk primary key, v text constraint one unique, n integer constraint positive check (n > 0), a integer constraint ref references a);
create table c (id integer constraint pk primary key, a integer constraint ref references a);
insert into a values (1, 'x', 1);
insert into b values (1, 'x', 1, 1);
insert into c values (1, 1);
