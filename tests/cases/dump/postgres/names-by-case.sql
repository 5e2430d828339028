create table "T" (a int, "A" int);
create table t (a int, "Select" int, "a b" text);
create index "I" on t (a);
create index i on t (a);
create type "E" as enum ('a');
create type e as enum ('b');
create table x (p "E", q e);
