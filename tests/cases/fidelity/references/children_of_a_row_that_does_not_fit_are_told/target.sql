create table parent (id bigint primary key, n smallint);
create table child (id bigint primary key, p bigint constraint of_parent references parent);
