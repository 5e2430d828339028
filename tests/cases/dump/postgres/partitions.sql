create table m (id int, at date not null, primary key (id, at)) partition by range (at);
create table m1 partition of m for values from ('2025-01-01') to ('2026-01-01');
create table m2 partition of m default;
create index on m (at);
create table sub partition of m for values from ('2026-01-01') to ('2027-01-01') partition by list (id);
create table sub1 partition of sub for values in (1,2);
alter table m1 add constraint c check (id > 0);
