pragma user_version = 42;
pragma application_id = 7;
create table t (id integer primary key);
insert into t values (1);
