alter table t alter column n restart with 100;
select setval('t_id_seq', 50);
