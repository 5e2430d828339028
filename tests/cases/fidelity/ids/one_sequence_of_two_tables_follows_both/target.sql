create sequence shared;
create table a (id bigint primary key default nextval('shared'));
create table b (id bigint primary key default nextval('shared'));
