create table a (id int primary key, b int);
create table b (id int primary key, a int references a);
alter table a add constraint ab foreign key (b) references b;
create table c (id inet primary key, d inet);
create table d (id inet primary key, c inet references c);
alter table c add foreign key (d) references d;
