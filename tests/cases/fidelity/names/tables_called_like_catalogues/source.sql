create table pg_class (id integer primary key, relname text);
create table pg_user (id integer primary key);
create table "information_schema" (id integer primary key);
insert into pg_class values (1, 'x');
insert into pg_user values (1);
insert into "information_schema" values (1);
