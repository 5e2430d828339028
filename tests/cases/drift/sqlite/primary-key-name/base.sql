-- item: primary key names
create table t (a text, constraint t_key primary key (a));
