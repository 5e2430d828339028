create table "my table" ("first name" text, "a.b" text, "100%" integer, "$1" text, "a;b" text, "😀" text, " " text, "back\slash" text, "--" text);
insert into "my table" values ('a', 'b', 1, 'c', 'd', 'e', 'f', 'g', 'h');
