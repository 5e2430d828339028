-- item: foreign keys
create table p (id integer primary key);
create table c (p_id int references p (id));
