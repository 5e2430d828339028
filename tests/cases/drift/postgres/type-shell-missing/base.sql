-- item: tables
create type announced;
