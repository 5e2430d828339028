create type address as (street text, no int);
create table t (id int, a address, b address[]);
create type nested as (x address, y int);
create table u (n nested);
