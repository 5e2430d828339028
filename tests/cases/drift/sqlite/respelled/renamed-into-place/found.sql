create table u (a int, c text);
create index i on u (c);
alter table u rename to t;
alter table t rename column c to b;
