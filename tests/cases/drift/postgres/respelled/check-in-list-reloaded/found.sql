create table t (v varchar(10), constraint known check (((v)::text = any ((array['a'::character varying, 'b'::character varying])::text[]))));
