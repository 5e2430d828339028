create table t (a int);
create trigger g after insert on t begin select 1; end;
