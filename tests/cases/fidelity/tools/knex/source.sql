create table knex_migrations (id integer not null primary key autoincrement, name varchar(255), batch integer, migration_time datetime);
insert into knex_migrations values (1, '20240229_init.js', 1, 1709209815123);
create table knex_migrations_lock ("index" integer not null primary key autoincrement, is_locked integer);
insert into knex_migrations_lock values (1, 0);
create table t (id integer primary key);
insert into t values (1);
