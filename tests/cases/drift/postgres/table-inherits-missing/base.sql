-- item: tables
create table parent (a int default 1 not null, c text);
create table child (b int) inherits (parent);
create table grandchild (a int) inherits (child);
