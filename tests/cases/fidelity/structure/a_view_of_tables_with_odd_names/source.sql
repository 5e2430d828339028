create table "Größe ""x"".y" (id integer primary key, "select" text, ctid integer);
create table "a.b" (id integer primary key, "Größe" integer references "Größe ""x"".y", "a very long name of a column that is longer than sixty-three bytes, by far" text);
insert into "Größe ""x"".y" (id, "select") values (1, 'a');
insert into "a.b" values (1, 1, 'b');
create view "v.w" as select g."select", [a.b].*, `a.b`.id as "ID" from "Größe ""x"".y" as g left join "a.b" on "a.b"."Größe" = g.id where g."select" <> 'it''s';
