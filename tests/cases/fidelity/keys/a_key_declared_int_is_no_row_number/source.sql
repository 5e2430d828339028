create table t (id int primary key, v text);
insert into t values (5, 'a'), (null, 'b');
create table u (id integer primary key desc, v text);
insert into u values (5, 'a');
