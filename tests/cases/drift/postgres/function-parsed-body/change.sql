create or replace function f(n int) returns bigint language sql begin atomic select count(*) from t where v in ('a', 'c') and id = n; end;
