create table p (id int primary key);
create table c (p_id int references p);
