-- item: foreign key deferrable
create table p (id int primary key);
create table c (p_id int, constraint c_p foreign key (p_id) references p (id));
