create table "say ""hi""" ("a""b" integer primary key, "it's" text, "`x`" text, "[y]" text);
insert into "say ""hi""" values (1, 'a', 'b', 'c');
create unique index "u""i" on "say ""hi""" ("it's");
