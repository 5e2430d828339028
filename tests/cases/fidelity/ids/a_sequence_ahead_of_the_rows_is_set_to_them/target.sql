create table t (id bigserial primary key, v text);
select setval('t_id_seq', 7);
