create table "order" (id integer primary key, "group" text, "user" text, "select" integer, "end" text, "default" text);
insert into "order" values (1, 'g', 'u', 2, 'e', 'd');
create table "user" ("table" integer primary key, "order" integer references "order");
create index "index" on "user" ("order");
insert into "user" values (1, 1);
