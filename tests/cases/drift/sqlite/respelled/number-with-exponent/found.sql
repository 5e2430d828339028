create table t (a int, b int);
create index i on t (a) where b > 1e0;
create view v as select a from t where b > 5e-1;
create trigger g after insert on t when new.a > 2e0 begin delete from t where b = 15E-1; end;
