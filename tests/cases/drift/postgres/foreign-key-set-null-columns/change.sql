alter table c drop constraint c_p;
alter table c add constraint c_p foreign key (a, b) references p (a, b) on delete set null (b);
