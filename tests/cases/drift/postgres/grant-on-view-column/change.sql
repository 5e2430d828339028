revoke select (a) on v from public;
grant update (b) on v to pg_monitor with grant option;
