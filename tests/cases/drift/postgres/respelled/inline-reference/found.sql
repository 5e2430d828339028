create table p (id int primary key);
create table c (p_id int, constraint c_p_id_fkey foreign key (p_id) references p (id) on delete no action);
