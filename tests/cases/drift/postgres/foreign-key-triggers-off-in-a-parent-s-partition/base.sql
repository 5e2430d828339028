-- item: foreign keys
create table u (id int primary key) partition by range (id);
create table u1 partition of u for values from (0) to (10);
create table t (id int not null, a int references u (id), b text);
