alter table t drop constraint t_pkey;
alter table t add primary key (a) deferrable;
