create table t (a int);
create trigger g after insert on t begin update t set a = new.a + 1 where a = new.a; end;
