create table t (v varchar(10));
create view w as select v from t where (v)::text = any ((array['a'::character varying, 'b'::character varying])::text[]);
