create table t (a int, b text); create table log (m text);
create trigger g after update of a on t for each row when new.a > 1 begin
-- end
insert into log values ('x;y'); -- only: sqlite
update t set b = case when new.a = 2 then 'end' else 'begin' end; end; create view v as select a from t; create trigger iv instead of insert on v begin insert into t(a) values (new.a); end;
