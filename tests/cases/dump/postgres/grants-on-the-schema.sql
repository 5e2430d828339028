grant usage on schema public to pg_monitor;
create table t(a int);
