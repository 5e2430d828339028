create table t (id integer primary key, v text);
insert into t values (1, 'a');
create table u (id integer primary key, v text);
insert into u values (1, 'b');
