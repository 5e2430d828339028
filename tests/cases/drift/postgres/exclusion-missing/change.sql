alter table t drop constraint apart;
