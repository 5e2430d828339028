create table p (id integer primary key);
create table c (p_id int, foreign key (p_id) references p (id));
