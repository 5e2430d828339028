create sequence t_id_seq;
create table t (id int not null default nextval('t_id_seq'), v int);
