create table t (v varchar(10));
create index i on t (v) where ((v)::text = any ((array['a'::character varying, 'b'::character varying])::text[]));
