create table "Großes" ("Id" integer primary key, "naïve" text, "ÉTÉ" integer, "été" integer);
insert into "Großes" values (1, 'a', 2, 3);
create index "Großes_Idx" on "Großes" ("naïve");
