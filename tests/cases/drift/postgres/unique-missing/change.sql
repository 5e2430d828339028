alter table t drop constraint t_a_key;
