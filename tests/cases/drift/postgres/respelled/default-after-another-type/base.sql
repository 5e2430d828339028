create table t (a text default 'x', b bigint default 1);
