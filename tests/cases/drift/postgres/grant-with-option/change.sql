grant select on t to pg_monitor with grant option;
