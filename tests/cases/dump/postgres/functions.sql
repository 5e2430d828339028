create function f() returns int language plpgsql as $$
begin
-- end
-- only: sqlite
return 1;
end $$; create function g(a int, b text default 'x;y') returns table (x int) language sql stable as 'select 1'; create procedure p() language plpgsql as 'begin end'; create function atomic(a int) returns int language sql begin atomic select a + 1; end; create table t (id int default f(), x int generated always as (abs(id)) stored); create view v as select f() as y from t;
