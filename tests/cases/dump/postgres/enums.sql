create type mood as enum ('b','a');
alter type mood add value 'c' before 'a';
create table t (m mood default 'b', ms mood[]);
create type "Odd Name" as enum ('x''y');
create table o (a "Odd Name" not null default 'x''y');
