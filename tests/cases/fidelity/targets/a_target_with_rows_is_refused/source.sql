create table t (id integer primary key, v text);
insert into t values (1, 'new');
create table u (id integer primary key);
insert into u values (1);
