create table "we""ird" ("a""b" int check ("a""b" > 0), "sélect" text default 'é');
create index "i""x" on "we""ird" ("a""b");
create view "v w" as select "a""b" as "x y" from "we""ird";
