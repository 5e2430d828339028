create table t (a int4, b varchar(5), c float8, d bool, e decimal(5,2), f timestamptz);
