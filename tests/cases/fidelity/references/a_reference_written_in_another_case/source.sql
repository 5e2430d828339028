create table Parent (Id integer primary key);
create table child (id integer primary key, p integer references PARENT (ID));
insert into Parent values (1);
insert into child values (1, 1);
