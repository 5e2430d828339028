alter table t add constraint t_b_key unique (b);
