create table t (a varchar(10) default 'x', b smallint default 1::smallint);
alter table t alter column a type text, alter column b type bigint;
