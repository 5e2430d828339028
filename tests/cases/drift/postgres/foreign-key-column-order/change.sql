alter table c drop constraint c_p;
alter table c add constraint c_p foreign key (b, a) references p (a, b);
