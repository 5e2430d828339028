create domain d as int;
create function usesd(x d) returns d language sql as 'select x';
create table t (id d default usesd(1), k text);
create view v as select usesd(id) as z, k from t;
create function usesv() returns setof v language sql as 'select * from v';
create table holds (x v);
create type comp as (a t);
