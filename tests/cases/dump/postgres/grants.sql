create table t (a int, b int);
create view v as select a from t;
create function f() returns int language sql as 'select 1';
revoke all on function f() from public;
grant select (a) on t to pg_monitor;
grant insert on t to public;
