alter table t drop constraint apart;
alter table t add constraint apart exclude using gist (r with =);
