-- item: columns
create table parent (a int default 1 not null, c text);
create table child (b int) inherits (parent);
