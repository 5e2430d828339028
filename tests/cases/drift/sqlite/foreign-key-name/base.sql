-- item: foreign keys
create table p (id integer primary key);
create table c (p_id int, constraint c_p foreign key (p_id) references p (id));
