alter function one() set search_path = pg_catalog;
