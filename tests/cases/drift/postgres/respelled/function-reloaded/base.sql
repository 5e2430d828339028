create table t (id int not null, v varchar(5));
create function f(n int default 1, c varchar default 'a') returns bigint language sql begin atomic select count(*) from t where v in ('a', 'b') and id = n; end;
create function g(c varchar) returns boolean language sql return c in ('a', 'b');
create function pairs(n int) returns table (a int, c varchar) language sql begin atomic select id, v from t where v in ('a', 'b') and id > n; end;
create procedure p(n int, inout z int) language sql begin atomic insert into t values (p.n, 'a'); select z + n; end;
