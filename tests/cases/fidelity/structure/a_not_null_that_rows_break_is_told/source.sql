create table t (id integer primary key, n integer);
insert into t values (1, 5), (2, null);
pragma writable_schema = on;
update sqlite_schema set sql = 'create table t (id integer primary key, n integer not null)' where name = 't';
pragma writable_schema = reset;
