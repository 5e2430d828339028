-- item: foreign keys
create table p (id int primary key);
create table c (p_id int);
