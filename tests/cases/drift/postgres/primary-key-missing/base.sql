-- item: primary keys
create table t (id int not null, constraint t_pkey primary key (id));
