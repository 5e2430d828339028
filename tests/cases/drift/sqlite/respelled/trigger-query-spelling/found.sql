create table t (a int, b int);
create trigger g after insert on t begin insert into t select u.a x, 1 from t u inner join t w on (w.a = u.a); end;
