create table t (a varchar(10) default 'x', b text default 'x', c bigint default 0, d smallint default -1, e float8 default 0, f numeric(5, 2) default 1.00);
