alter table "order by" alter column "Prénom ""x""" set not null;
