-- item: functions
create table t (id int not null, v varchar(5));
create function f(n int) returns bigint language sql begin atomic select count(*) from t where v in ('a', 'b') and id = n; end;
