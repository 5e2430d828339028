create table t (id integer primary key, v text);
insert into t values (1, 'new');
create table u (id integer primary key, t integer references t);
insert into u values (1, 1);
