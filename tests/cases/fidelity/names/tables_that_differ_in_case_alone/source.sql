create table "Äpfel" (id integer primary key, v text);
create table "äpfel" (id integer primary key, v text);
insert into "Äpfel" values (1, 'big');
insert into "äpfel" values (1, 'small');
create table child (id integer primary key, a integer references "äpfel", b integer references "Äpfel");
insert into child values (1, 1, 1);
