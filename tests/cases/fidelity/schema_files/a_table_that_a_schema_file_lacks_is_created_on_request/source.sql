create table t (id integer primary key, v text);
insert into t values (1, 'a');
create table more (id integer primary key, t integer references t);
insert into more values (1, 1);
