create table t (a text default 'long'::varchar(3));
