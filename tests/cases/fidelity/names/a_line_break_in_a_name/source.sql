create table "two
lines" ("a
b" integer primary key, "tab	here" text);
insert into "two
lines" values (1, 'x');
