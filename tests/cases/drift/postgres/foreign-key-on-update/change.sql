alter table c drop constraint c_p;
alter table c add constraint c_p foreign key (p_id) references p (id) on update cascade;
