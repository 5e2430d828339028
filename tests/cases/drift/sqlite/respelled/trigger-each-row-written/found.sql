create table t (a int);
create trigger g after insert on t for each row begin select 1; end;
