create table "text" (id integer primary key, "integer" integer);
create table "_a" (id integer primary key);
create table "a" (id integer primary key);
insert into "text" values (1, 2);
insert into "_a" values (1);
insert into "a" values (2);
