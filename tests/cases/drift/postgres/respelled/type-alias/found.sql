create table t (a integer, b character varying(5), c double precision, d boolean, e numeric(5, 2), f timestamp with time zone);
