create table alembic_version (version_num varchar(32) not null, constraint alembic_version_pkc primary key (version_num));
insert into alembic_version values ('2024_02_29_add_the_very_long_name_of_it');
create table t (id integer primary key);
insert into t values (1);
