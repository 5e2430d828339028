-- item: foreign keys
create table u (id int primary key);
create table t (id int not null, a int references u (id), b text) partition by range (id);
create table t1 partition of t for values from (0) to (10);
