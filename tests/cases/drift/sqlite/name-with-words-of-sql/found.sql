create table "order by" ("select" int, "Prénom ""x""" text not null);
