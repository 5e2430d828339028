create table t (a int, b int generated always as (a * 2) stored, c int as (a + 1), d text as (upper('x')) virtual);
