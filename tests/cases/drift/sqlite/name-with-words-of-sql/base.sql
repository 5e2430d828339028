-- item: tables
create table "order by" ("select" int, "Prénom ""x""" text);
