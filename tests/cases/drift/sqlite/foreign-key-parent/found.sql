create table p (id integer primary key);
create table q (id integer primary key);
create table c (p_id int references q (id));
