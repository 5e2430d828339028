create table p (id integer primary key);
create table c (p_id int, constraint x foreign key (p_id) references p (id), constraint y check (p_id > 0));
