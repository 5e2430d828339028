create sequence s increment 5 minvalue -10 maxvalue 1000 start 20 cache 7 cycle;
create sequence s2 as smallint;
create table t (id bigint primary key default nextval('s'), b int);
alter sequence s owned by t.id;
create table u (id serial primary key);
alter sequence u_id_seq increment 3;
create table v (id bigserial, x smallserial);
comment on sequence s is 'c';
create table w (a int default nextval('s2'));
