create table t (a int, b int);
create trigger g after insert on t begin insert into t select u.a as x, 1 from t as u join t as w on w.a = u.a; end;
