create type pair as (y int, x int);
