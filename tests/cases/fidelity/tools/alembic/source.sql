create table alembic_version (version_num varchar(32) not null, constraint alembic_version_pkc primary key (version_num));
insert into alembic_version values ('af906e964978'), ('0002_branch');
create table t (id integer primary key);
insert into t values (1);
