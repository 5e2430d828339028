drop table child;
create table child (a int, b int) inherits (parent);
