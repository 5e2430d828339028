create table parent (id bigint primary key);
create table child (id bigint primary key, p bigint);
alter table child add constraint of_parent foreign key (p) references parent not valid;
