-- item: grants
create sequence s;
