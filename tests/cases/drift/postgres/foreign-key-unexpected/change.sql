alter table c add constraint c_p foreign key (p_id) references p (id);
