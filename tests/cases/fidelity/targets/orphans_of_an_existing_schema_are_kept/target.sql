create table parent (id bigint primary key);
create table child (id bigint primary key, p bigint constraint of_parent references parent on delete cascade);
