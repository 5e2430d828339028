create table django_migrations (id integer not null primary key autoincrement, app varchar(255) not null, name varchar(255) not null, applied datetime not null);
insert into django_migrations values (1, 'auth', '0001_initial', '2024-06-01 10:20:30.123456'), (2, 'auth', '0002_next', '2024-06-01 10:20:31');
create table t (id integer primary key);
insert into t values (1);
