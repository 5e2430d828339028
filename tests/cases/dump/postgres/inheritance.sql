create table p (id int primary key, a text not null default 'x', check (id > 0));
create table c (b int) inherits (p);
create table c2 (id int, z int) inherits (p);
create index on c (a);
