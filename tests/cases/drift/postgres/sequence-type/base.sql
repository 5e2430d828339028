-- item: sequences
create sequence s as int;
