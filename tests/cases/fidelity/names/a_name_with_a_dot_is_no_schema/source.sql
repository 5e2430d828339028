create table "public.t" (id integer primary key);
create table "strait.run" (id integer primary key);
insert into "public.t" values (1);
insert into "strait.run" values (2);
