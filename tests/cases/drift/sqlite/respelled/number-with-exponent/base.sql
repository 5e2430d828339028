create table t (a int, b int);
create index i on t (a) where b > 1.0;
create view v as select a from t where b > 0.5;
create trigger g after insert on t when new.a > 2.0 begin delete from t where b = 1.5; end;
