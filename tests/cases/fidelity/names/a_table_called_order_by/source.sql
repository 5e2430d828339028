create table "order by" (id integer primary key, "group by" text unique, "having" integer check ("having" > 0));
insert into "order by" values (1, 'a', 2);
