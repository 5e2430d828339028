create table t (a int, b numeric(3,1));
create view z as select a, b from t;
create view a_first as select a from z;
create materialized view m as select count(*) as n from a_first;
create unique index mi on m (n);
create view rec as with recursive r(n) as (select 1 union all select n+1 from r where n<5) select n from r;
create view opt with (security_barrier) as select a from t where a > 0 with local check option;
