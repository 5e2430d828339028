-- item: tables
create table parent (a int default 1 not null, c text);
create table child () inherits (parent);
