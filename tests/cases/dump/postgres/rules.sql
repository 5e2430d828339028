create table t (a int);
create table log (a int);
create rule r as on insert to t do also insert into log values (new.a);
create view v as select * from t;
create rule rv as on insert to v do instead insert into t values (new.a);
