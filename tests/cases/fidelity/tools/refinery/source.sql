create table refinery_schema_history (version int4 primary key, name varchar(255), applied_on varchar(255), checksum varchar(255));
insert into refinery_schema_history values (1, 'init', '2024-02-29T12:30:15.123456789Z', '17412345678901234567');
create table t (id integer primary key);
insert into t values (1);
