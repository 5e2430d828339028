create table t (a int primary key, b int not null);
create unique index u on t (b);
alter table t replica identity using index u;
create table f (a int);
alter table f replica identity full;
create table cl (a int primary key);
cluster cl using cl_pkey;
