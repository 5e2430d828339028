create table t (id integer primary key, a text, b text, c text);
insert into t values (1, 'a', 'b', 'c');
alter table t drop column b;
alter table t rename column c to d;
alter table t rename to u;
