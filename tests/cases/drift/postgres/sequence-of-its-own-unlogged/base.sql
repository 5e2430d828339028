-- item: sequences
create sequence s;
