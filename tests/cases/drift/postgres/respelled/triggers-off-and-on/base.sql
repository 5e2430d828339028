create table u (id int primary key);
create table t (id int not null, a int references u (id), b text);
